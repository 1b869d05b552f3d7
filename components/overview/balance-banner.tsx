import { organizationRoute } from '@/components/layout/organization-route'
import { clockText, dateText, dateTimeText, weekdayText } from '@/components/money/format-time'
import { moneyText } from '@/components/money/format-money'
import { Banner } from '@/components/ui/banner'
import { LinkButton } from '@/components/ui/link-button'
import type { Instant, OverviewDto } from '@/lib/analytics/contract'

const DAY_MS = 86_400_000

/** The strip above the overview when credits run low, are gone, or are owed. Nothing while all is well. */
export function BalanceBanner({ overview }: { readonly overview: OverviewDto }) {
  const { band, balance, setup, organization, allocation } = overview
  // A new account has no credits yet: the checklist says what to do, and a red strip would only scare.
  if (band === 'ok' || !setup.hasCredits) return null
  if (band === 'low') {
    return (
      <Banner
        tone="warning"
        title="Your balance is low"
        action={allocation === null && <AddCredits overview={overview} />}
      >
        {lowText(overview)}
      </Banner>
    )
  }
  if (band === 'zero') {
    return (
      <Banner
        tone="danger"
        title="You are out of credits"
        action={allocation === null && <AddCredits overview={overview} />}
      >
        {rejectionText(overview)}
      </Banner>
    )
  }
  return (
    <Banner
      tone="danger"
      title={`${organization.name} owes ${moneyText(balance.debt, balance.asset)}`}
      action={allocation === null && <AddCredits overview={overview} />}
    >
      {`You owe ${moneyText(balance.debt, balance.asset)}; the next purchase settles it first.`}
    </Banner>
  )
}

function AddCredits({ overview: { organization, rights } }: { readonly overview: OverviewDto }) {
  if (!rights.canBuy) {
    return <p className="text-ink">{askText(rights.ownerNames)}</p>
  }
  return <LinkButton href={organizationRoute(organization.slug, '/buy')}>Add credits</LinkButton>
}

function askText(ownerNames: readonly string[]): string {
  if (ownerNames.length === 0) return 'Only owners and admins can buy credits.'
  return `Only owners and admins can buy credits. Ask ${new Intl.ListFormat('en', { type: 'disjunction' }).format(ownerNames)}.`
}

function allocationGoneText(renewsAt: Instant, timeZone: string, ownerNames: readonly string[]): string {
  const whom =
    ownerNames.length === 0 ? 'an owner' : new Intl.ListFormat('en', { type: 'disjunction' }).format(ownerNames)
  return `New requests will be rejected until your next allocation on ${dateText(renewsAt, timeZone)}. To use the shared pool before then, ask ${whom} for a Pro seat.`
}

function lowText({ runway, balance, organization, now }: OverviewDto): string {
  if (runway === null) return `${moneyText(balance.available, balance.asset)} is left.`
  const average = `At your 7-day average of ${moneyText(runway.averagePerDay, balance.asset)}/day`
  return `${average} this runs out ${soonText(runway.runsOutAt, now, organization.timeZone)}.`
}

function soonText(instant: Instant, now: Instant, timeZone: string): string {
  const daysAway = (Date.parse(instant) - Date.parse(now)) / DAY_MS
  return daysAway < 6 ? weekdayText(instant, timeZone) : `about ${dateTimeText(instant, timeZone).split(',')[0]}`
}

function rejectionText({ rejections, now, policy, allocation, organization, rights }: OverviewDto): string {
  if (allocation !== null) return allocationGoneText(allocation.renewsAt, organization.timeZone, rights.ownerNames)
  if (policy.atZero === 'pause_runs') return 'Runs are paused. They resume when you add credits.'
  if (rejections === null) return 'New requests will be rejected (402) until you add credits.'
  const isToday = now.slice(0, 10) === rejections.since.slice(0, 10)
  const since = isToday ? clockText(rejections.since) : `${dateTimeText(rejections.since, 'UTC')} UTC`
  return `Requests are being rejected (402) since ${since}. ${rejections.count} rejected.`
}
