import { LiveBalance } from '@/components/money/live-balance'
import { assetText, magnitudeOf, signOf } from '@/components/money/format-money'
import { Money } from '@/components/money/money'
import { PolicySentence } from '@/components/money/policy-sentence'
import type { BalanceDto, OverviewDto } from '@/lib/analytics/contract'
import { AllocationSentence } from './allocation-sentence'
import { LotsSummary } from './lots-summary'

/** The balance, the rules it follows, and what it is made of. */
export function BalanceCard({ overview }: { readonly overview: OverviewDto }) {
  const { balance, policy, allocation, organization, otherBalances, lots, now, rights } = overview
  return (
    <section className="rounded-card border-line bg-bg flex min-w-0 flex-col border p-4 sm:col-span-3 sm:p-5 xl:col-span-1">
      <h2 className="text-muted text-sm font-medium">Balance</h2>
      <p className="mt-1 text-3xl leading-tight tracking-tight">
        <LiveBalance organization={organization.slug} initial={balance} renderedAt={now} isAnnounced />
      </p>
      <p className="text-muted text-sm">
        <BalanceParts balance={balance} />
      </p>
      {otherBalances.length > 0 && (
        <ul className="mt-3 flex flex-wrap gap-x-6 gap-y-1">
          {otherBalances.map((other) => (
            <li key={other.asset.code} className="font-medium">
              <Money amount={other.balance} asset={other.asset} />
            </li>
          ))}
        </ul>
      )}
      <div className="text-muted mt-auto pt-3 text-sm">
        {lots.ok && lots.value.length > 0 && (
          <p>
            <LotsSummary lots={lots.value} asset={balance.asset} timeZone={organization.timeZone} />
          </p>
        )}
        <p>
          {allocation === null ? (
            <PolicySentence policy={policy} asset={balance.asset} timeZone={organization.timeZone} />
          ) : (
            <AllocationSentence allocation={allocation} timeZone={organization.timeZone} />
          )}
        </p>
        {!rights.canBuy && rights.ownerNames.length > 0 && <p>Owners: {rights.ownerNames.join(', ')}</p>}
      </div>
    </section>
  )
}

function BalanceParts({ balance }: { readonly balance: BalanceDto }) {
  const { asset, held, available, debt } = balance
  if (signOf(debt) > 0)
    return (
      <>
        You owe <Money amount={magnitudeOf(debt)} asset={asset} />
      </>
    )
  if (signOf(held) > 0) {
    return (
      <>
        <Money amount={available} asset={asset} /> available, <Money amount={held} asset={asset} /> held for requests in
        progress
      </>
    )
  }
  return asset.usdPrice === null ? 'All of it available' : assetText(balance.balance, asset)
}
