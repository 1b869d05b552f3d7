import { USD } from '@/components/money/asset'
import { cardText } from '@/components/money/card-text'
import { moneyText } from '@/components/money/format-money'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { ErrorCard } from '@/components/ui/error-card'
import { InlineError } from '@/components/ui/inline-error'
import type { AssetDto, OverviewDto, RechargeDto } from '@/lib/analytics/contract'

const TITLE = 'Auto-recharge'

/** Auto-recharge as one sentence, and its trouble when it has any. */
export function RechargeCard({ overview }: { readonly overview: OverviewDto }) {
  const { recharge, balance } = overview
  if (!recharge.ok) return <ErrorCard title={TITLE} />
  const { value } = recharge
  return (
    <Card title={TITLE} aside={<StatusBadge status={value.status} />}>
      {value.status === 'off' ? (
        <p className="text-muted">Your card is never charged by itself. Credits are added when you buy them.</p>
      ) : (
        <div className="flex flex-col gap-2">
          <p>{sentence(value, balance.asset)}</p>
          {value.problem !== null && <InlineError>{value.problem}</InlineError>}
        </div>
      )}
    </Card>
  )
}

function StatusBadge({ status }: Pick<RechargeDto, 'status'>) {
  if (status === 'on') return <Badge tone="positive">On</Badge>
  return status === 'paused' ? <Badge tone="danger">Paused</Badge> : <Badge>Off</Badge>
}

function sentence(recharge: Exclude<RechargeDto, { status: 'off' }>, asset: AssetDto): string {
  const { threshold, trigger, size, monthlyCapUsd, card } = recharge
  const when = trigger === 'below' ? 'below' : 'at or below'
  const what =
    size.kind === 'amount' ? `add ${moneyText(size.usd, USD)}` : `bring it back to ${moneyText(size.to, asset)}`
  const from = card === null ? '' : ` with ${cardText(card)}`
  const cap = monthlyCapUsd === null ? '' : `, never more than ${moneyText(monthlyCapUsd, USD)} per month`
  return `When the balance is ${when} ${moneyText(threshold, asset)}, ${what}${from}${cap}.`
}
