import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { lockAccountTerms } from '@/lib/db/account-terms'
import { lockAutoCharge } from '@/lib/db/auto-charges'
import { findCard, makeDefault } from '@/lib/db/cards'
import { enqueueRecharge } from '@/lib/db/charge-jobs'
import { readId } from '@/lib/db/ids'
import type { Account } from '@/lib/db/organizations'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import { setDefaultCard } from '@/lib/stripe/set-default-card'

import { keepAutoCharge } from './keep-auto-charge'
import { rearmForCard } from '../rules/auto-charge'
import { stripeRefusal } from '../payments/stripe-refusal'

/**
 * Makes a saved card (`crd_…`) the one that is charged without a person, at Stripe and here. A card other than the one that failed ends
 * back-off and suspension (ledger.md, Recharge). Errors: `forbidden`, `not_found` (card), `unavailable`.
 */
export async function chooseDefaultCard(
  actor: Actor,
  account: Account,
  outsideId: string,
  clock: Clock,
): Promise<Result<null, PurserError>> {
  if (!can(actor, 'cards:manage', account)) return err({ code: 'forbidden' })
  const id = readId('crd', outsideId)
  const card = id === null ? null : await findCard(account.id, id)
  if (card === null || account.stripeCustomerId === null) return err({ code: 'not_found', what: 'card' })
  const chosen = await setDefaultCard(account.stripeCustomerId, card.stripePaymentMethodId)
  if (!chosen.ok) return err(stripeRefusal(chosen.error))
  const now = accountClock(account, clock).now()
  await inTransaction(async (tx) => {
    await lockAccountTerms(tx, account.id)
    const before = await lockAutoCharge(tx, account.id)
    await makeDefault(tx, account.id, card.id)
    const state = rearmForCard(before.state, card.fingerprint)
    await keepAutoCharge(tx, account.id, before, { ...before, state }, now)
    if (state !== before.state) await enqueueRecharge(tx, account.id)
  })
  return ok(null)
}
