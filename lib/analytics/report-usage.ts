import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { findAccountNamed } from '@/lib/db/account-names'
import { sumUsage, type UsageSum } from '@/lib/db/usage-report'
import { invalidField, type PurserError } from '@/lib/errors'
import { formatDecimal } from '@/lib/money/decimal'
import { formatQuantity } from '@/lib/money/quantity'
import { err, ok, type Result } from '@/lib/result'
import { localDay } from '@/lib/usage/rules/period'

import { addDays, daysBetween, type Day } from './rules/calendar'
import type { UsageGroup, UsageReportAnswer, UsageReportQuery } from './usage-contract'

const DEFAULT_DAYS = 30
const MOST_DAYS = 400
const MOST_LINES = 10_000

/**
 * What an organization used, summed up by up to two groups and by asset, in the account's days; also what Lite members used from wallets
 * of their own. Reads daily rollups, never events: no cost grows with the age of the account. Errors: not_found, invalid_input (`to`, or
 * `group_by` when there would be too many lines).
 */
export async function reportUsage(
  actor: Extract<Actor, { kind: 'key' }>,
  organization: string,
  asked: UsageReportQuery,
  clock: Clock,
): Promise<Result<UsageReportAnswer, PurserError>> {
  const account = await findAccountNamed(actor.mode, organization)
  if (account === null || !can(actor, 'costs:read', account)) return err({ code: 'not_found', what: 'organization' })
  const span = spanOf(asked, localDay(accountClock(account, clock).now(), account.timeZone))
  if (!span.ok) return span
  const groups = asked.group_by ?? []
  const sums = await sumUsage(account.id, span.value.first, span.value.last, groups, MOST_LINES + 1)
  if (sums.length > MOST_LINES) {
    return err(invalidField('group_by', `That is more than ${MOST_LINES} lines. Ask for fewer days or by less.`))
  }
  return ok({ data: sums.map((sum) => toLine(sum, groups)) })
}

function spanOf(
  { from, to }: UsageReportQuery,
  today: Day,
): Result<{ readonly first: Day; readonly last: Day }, PurserError> {
  const last = to ?? today
  const first = from ?? addDays(last, 1 - DEFAULT_DAYS)
  const days = daysBetween(first, last) + 1
  if (days < 1) return err(invalidField('to', 'Use a day that is not before `from`.'))
  if (days > MOST_DAYS) return err(invalidField('to', `Ask for at most ${MOST_DAYS} days.`))
  return ok({ first, last })
}

function toLine(
  { group, assetCode, scale, ...sum }: UsageSum,
  groups: readonly UsageGroup[],
): UsageReportAnswer['data'][number] {
  const names = groups.map((name, index) => [name, group[index] === '' ? null : group[index]] as const)
  return {
    ...Object.fromEntries(names),
    asset: assetCode,
    quantity: sum.quantity === null ? null : formatQuantity(sum.quantity),
    amount: formatDecimal(sum.amount, scale),
    cost: formatQuantity(sum.cost),
    events: sum.events,
  }
}
