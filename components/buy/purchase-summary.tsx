import { USD } from '@/components/money/asset'
import { daysText } from '@/components/money/duration'
import { dateText } from '@/components/money/format-time'
import { assetText, moneyText, signOf } from '@/components/money/format-money'
import { KeyValueGrid } from '@/components/ui/key-value-grid'
import type { AssetDto, Instant } from '@/lib/analytics/contract'
import type { PurchaseFigures } from './purchase-figures'

type PurchaseSummaryProps = {
  readonly figures: PurchaseFigures | null
  readonly asset: AssetDto
  readonly expiresAt: Instant | null
  readonly timeZone: string
}

/** What a purchase costs and brings. The same rows on the buy page, on the review page and in the ledger. */
export function PurchaseSummary({ figures, asset, expiresAt, timeZone }: PurchaseSummaryProps) {
  const show = (text: (known: PurchaseFigures) => string) => (figures === null ? '–' : text(figures))
  return (
    <KeyValueGrid
      items={[
        {
          label: 'You pay',
          value: <strong className="font-semibold">{show(({ usd }) => moneyText(usd, USD))}</strong>,
        },
        {
          label: 'You receive',
          value: show(({ credits }) =>
            asset.usdPrice === null
              ? assetText(credits, asset)
              : `${moneyText(credits, asset)} (${assetText(credits, asset)})`,
          ),
        },
        ...(figures !== null && signOf(figures.settlesDebt) > 0
          ? [{ label: 'Settles what you owe', value: moneyText(figures.settlesDebt, asset) }]
          : []),
        {
          label: 'Expires',
          value: (
            <strong className="font-semibold">{expiresAt === null ? 'Never' : dateText(expiresAt, timeZone)}</strong>
          ),
        },
        {
          label: 'Lasts about',
          value: show(({ lastsDays }) =>
            lastsDays === null ? 'Too early to tell' : `${daysText(lastsDays)} at your current rate`,
          ),
        },
        { label: 'New balance', value: show(({ newBalance }) => moneyText(newBalance, asset)) },
      ]}
    />
  )
}
