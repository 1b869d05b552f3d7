import Link from 'next/link'
import { LiveBalance } from '@/components/money/live-balance'
import type { ShellDto } from '@/lib/analytics/contract'
import { daysText } from '@/components/money/duration'
import { organizationRoute } from './organization-route'

/** Balance and runway on every page: "$128.40 · 11 days". Leads to the overview. */
export function BalanceChip({ shell, isCompact = false }: { readonly shell: ShellDto; readonly isCompact?: boolean }) {
  return (
    <Link
      href={organizationRoute(shell.organization.slug)}
      className={
        isCompact
          ? 'rounded-control hover:bg-surface-2 flex h-11 shrink-0 items-center gap-1.5 px-2 font-medium whitespace-nowrap'
          : 'rounded-control border-line bg-bg hover:border-input-line flex flex-col gap-0.5 border px-3 py-2.5'
      }
    >
      <span className={isCompact ? 'sr-only' : 'text-muted text-xs'}>Balance</span>
      <span className="flex items-baseline gap-1.5">
        <LiveBalance organization={shell.organization.slug} initial={shell.balance} renderedAt={shell.now} />
        {shell.runwayDays !== null && (
          <span className="text-muted text-sm font-normal">· {daysText(shell.runwayDays)}</span>
        )}
      </span>
    </Link>
  )
}
