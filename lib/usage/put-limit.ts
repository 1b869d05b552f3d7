import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { findAccountNamed } from '@/lib/db/account-names'
import { readCatalogue } from '@/lib/db/catalogue'
import { touchAccountTerms } from '@/lib/db/account-terms'
import { recountSpending } from '@/lib/db/limit-counters'
import { inTransaction } from '@/lib/db/pool'
import { countOtherLimits, isLimitCounted, putSpendLimit } from '@/lib/db/spend-limits'
import { invalidField, type PurserError } from '@/lib/errors'
import { parseAmount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'

import type { LimitAnswer, LimitInput } from './limit-contract'
import { showLimit } from './list-limits'
import type { LimitTerms } from './rules/limits'

const MOST_LIMITS = 1_000
/** Usage may be reported 34 days late (api.md), into a month that began up to 31 days before. */
const LONGEST_COUNTED_MS = 66 * 86_400_000
const ID = /^[\x21-\x7e]{1,128}$/

/**
 * Adds a spend limit under the operator's own id, or replaces what it says. What was spent in its period counts from the start, also what
 * was spent before the limit was made. Locks the account's row, and where it counts what it did not count before, the wallet. Errors: not_found, forbidden, invalid_input, conflict (too many limits).
 */
export async function putLimit(
  actor: Extract<Actor, { kind: 'key' }>,
  organization: string,
  id: string,
  input: LimitInput,
  clock: Clock,
): Promise<Result<LimitAnswer, PurserError>> {
  const account = await findAccountNamed(actor.mode, organization)
  if (account === null) return err({ code: 'not_found', what: 'organization' })
  if (!can(actor, 'limits:manage', account)) return err({ code: 'forbidden' })
  if (!ID.test(id))
    return err(invalidField('id', 'Name the limit with 1 to 128 printable ASCII characters, no spaces.'))
  const asset = (await readCatalogue(actor.mode)).assets.get(input.asset)
  if (asset === undefined) return err(invalidField('asset', `There is no asset "${input.asset}". Add it first.`))
  const parsed = parseAmount(input.amount, asset.scale)
  if (!parsed.ok) return err(invalidField('amount', `Use at most ${asset.scale} decimals, and a smaller amount.`))

  const limit: LimitTerms = {
    ...{ id, scope: input.scope, subject: input.subject ?? null, asset: asset.code },
    ...{ amount: parsed.value, period: input.period, mode: input.mode },
  }
  const now = accountClock(account, clock).now()
  const isAdmitted = await inTransaction(async (tx) => {
    await touchAccountTerms(tx, account.id)
    if ((await countOtherLimits(tx, account.id, id)) >= MOST_LIMITS) return false
    if (!(await isLimitCounted(tx, account.id, limit))) {
      await recountSpending(tx, account, limit, new Date(now.getTime() - LONGEST_COUNTED_MS))
    }
    await putSpendLimit(tx, account.id, limit, now)
    return true
  })
  if (!isAdmitted) return err({ code: 'conflict', message: `An organization has at most ${MOST_LIMITS} limits.` })
  return ok(await showLimit(account, limit, asset.scale, now))
}
