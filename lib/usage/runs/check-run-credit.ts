import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import type { AccountTerms } from '@/lib/db/account-terms'
import { newId } from '@/lib/db/ids'
import type { Tx } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { wholeQuantity } from '@/lib/money/quantity'
import { ok, type Result } from '@/lib/result'

import { decideAuthorize } from '../desk/decide-authorize'
import { openDesks } from '../desk/open-desks'
import type { AuthorizeRequest } from '../desk/request'
import type { RunSubject } from '../rules/run-body'

/** What a run would be paid in. */
export type RunAsset = { readonly assetCode: string; readonly scale: number }

/** Who wants a run to begin or to go on, and when by the account's own time. */
export type RunAsked = { readonly actor: Actor; readonly terms: AccountTerms; readonly now: Date }

/**
 * Whether a run may begin, or go on: its next unit is decided as an authorization would be, by allowance, debt, spend limits and grants, and
 * nothing is set aside. Locks the wallet that would pay until the transaction ends. Errors: unknown_meter, unpriced, debt_unsettled,
 * spend_limit_exceeded, insufficient_credits.
 */
export async function checkRunCredit(
  tx: Tx,
  asked: RunAsked,
  subject: RunSubject,
): Promise<Result<RunAsset, PurserError>> {
  const request = nextUnit(asked, subject)
  const { desks, prepared } = await openDesks(tx, [request], 'wait')
  const [only] = prepared
  const desk = desks.get(asked.terms.accountId)
  if (only === undefined || desk === undefined) throw new Error('the unit was not laid out')
  const decided = decideAuthorize(desk, only, request)
  if (!decided.ok) return decided
  const { assetCode, scale } = decided.value
  return ok({ assetCode, scale })
}

function nextUnit({ actor, terms, now }: RunAsked, subject: RunSubject): AuthorizeRequest {
  const { meter, ...user } = subject
  const { mode } = terms
  return {
    kind: 'authorize',
    actor,
    account: { id: terms.accountId, organizationId: terms.organizationId, mode },
    clock: { now: () => now },
    holdId: newId(),
    size: { meter, quantity: wholeQuantity(1n) },
    subject: { ...user, feature: null },
    expiresInSeconds: 1,
    once: { mode, route: 'run', key: '', bodyHash: '' },
  }
}
