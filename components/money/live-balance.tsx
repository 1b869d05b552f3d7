'use client'

import type { BalanceDto, Instant } from '@/lib/analytics/contract'
import { signOf } from './format-money'
import { Money } from './money'
import { useLiveBalance } from './use-live-balance'

type LiveBalanceProps = {
  /** Slug. */
  readonly organization: string
  readonly initial: BalanceDto
  /** When the server read `initial`. The newer of the two truths is shown. */
  readonly renderedAt: Instant
  /** On for one instance per page: says in words when credits run out or come back. */
  readonly isAnnounced?: boolean
}

/** The balance as the server knows it, renewed without reloading. Never counted in the browser. */
export function LiveBalance({ organization, initial, renderedAt, isAnnounced = false }: LiveBalanceProps) {
  const { latest, staleSinceMs } = useLiveBalance(organization)
  const { asset } = initial
  const wallet = latest?.wallets.find(({ asset: code }) => code === asset.code)
  const isNewer = wallet !== undefined && latest !== null && Date.parse(latest.at) >= Date.parse(renderedAt)
  const shown = isNewer ? wallet : initial
  const isChanged = shown.balance !== initial.balance
  return (
    <>
      {/* A new key per value: the figure settles in on a real change and never on load. */}
      <span
        key={shown.balance}
        className={`font-semibold ${isChanged ? 'animate-settle' : ''} ${staleSinceMs === null ? '' : 'text-muted'}`}
      >
        <Money amount={shown.balance} asset={asset} />
      </span>
      {isAnnounced && (
        <span role="status" className="sr-only">
          {bandText(shown)}
        </span>
      )}
    </>
  )
}

function bandText({ available, debt }: { readonly available: string; readonly debt: string }): string {
  if (signOf(debt) > 0) return 'The balance is below zero.'
  return signOf(available) > 0 ? 'Credits are available.' : 'Credits have run out.'
}
