import { dateText } from '@/components/money/format-time'
import { Money } from '@/components/money/money'
import type { AssetDto, LotDto } from '@/lib/analytics/contract'

type LotsSummaryProps = {
  readonly lots: readonly LotDto[]
  readonly asset: AssetDto
  readonly timeZone: string
}

const SHOWN = 2

/** "$42.10 promo expires 30 Nov 2026 · $86.30 paid expires 3 Mar 2027": the lots that expire first. */
export function LotsSummary({ lots, asset, timeZone }: LotsSummaryProps) {
  const rest = lots.length - SHOWN
  return (
    <>
      {lots.slice(0, SHOWN).map(({ id, remaining, label, expiresAt }, index) => (
        <span key={id}>
          {index > 0 && ' · '}
          <Money amount={remaining} asset={asset} /> {label}{' '}
          {expiresAt === null ? 'never expires' : `expires ${dateText(expiresAt, timeZone)}`}
        </span>
      ))}
      {rest > 0 && ` · and ${rest} more`}
    </>
  )
}
