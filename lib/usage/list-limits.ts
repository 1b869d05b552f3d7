import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { findAccountNamed } from '@/lib/db/account-names'
import { readTerms } from '@/lib/db/account-terms'
import { readCatalogue } from '@/lib/db/catalogue'
import { readLimitUses } from '@/lib/db/spend-limits'
import type { PurserError } from '@/lib/errors'
import { formatAmount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'

import type { LimitAnswer } from './limit-contract'
import type { LimitTerms } from './rules/limits'
import { periodOf } from './rules/period'

/** The spend limits of an organization with what was spent under each in its present period. Errors: not_found. */
export async function listLimits(
  actor: Extract<Actor, { kind: 'key' }>,
  organization: string,
  clock: Clock,
): Promise<Result<readonly LimitAnswer[], PurserError>> {
  const account = await findAccountNamed(actor.mode, organization)
  if (account === null || !can(actor, 'limits:manage', account)) return err({ code: 'not_found', what: 'organization' })
  const [{ limits }, { assets }] = await Promise.all([readTerms(account.id), readCatalogue(actor.mode)])
  const now = accountClock(account, clock).now()
  const answers: LimitAnswer[] = []
  for (const limit of limits) answers.push(await showLimit(account, limit, assets.get(limit.asset)?.scale ?? 0, now))
  return ok(answers)
}

/** A spend limit as it is answered, with what was spent under it in its present period. */
export async function showLimit(
  { id: accountId, timeZone }: { readonly id: string; readonly timeZone: string },
  limit: LimitTerms,
  scale: number,
  now: Date,
): Promise<LimitAnswer> {
  const { start } = periodOf(now, timeZone, 1, limit.period)
  const uses = await readLimitUses(accountId, limit, start)
  const { id, scope, subject, asset, period, mode } = limit
  return {
    ...{ id, scope, subject, asset, period, mode },
    amount: formatAmount(limit.amount, scale),
    use: uses.map((use) => ({
      subject: use.subject === '' ? null : use.subject,
      period_start: use.periodStart.toISOString(),
      used: formatAmount(use.used, scale),
      reserved: formatAmount(use.reserved, scale),
    })),
  }
}
