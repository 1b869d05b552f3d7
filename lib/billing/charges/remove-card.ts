import 'server-only'

import { actorLabel, type Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { lockAccountTerms, touchAccountTerms } from '@/lib/db/account-terms'
import { findCard, removeCardRow } from '@/lib/db/cards'
import { readId } from '@/lib/db/ids'
import type { Account } from '@/lib/db/organizations'
import { inTransaction } from '@/lib/db/pool'
import { disableRecharge } from '@/lib/db/recharges'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import { detachCard } from '@/lib/stripe/detach-card'

import { stripeRefusal } from '../payments/stripe-refusal'

/** What stopped with a card. */
export type CardRemoved = { readonly rechargeStopped: boolean }

/**
 * Removes a saved card (`crd_…`) at Stripe and here. Without the default card nothing can be charged without a person: auto-recharge is
 * turned off and says why. A charge that is under way ends as Stripe says. Errors: `forbidden`, `not_found` (card), `unavailable`.
 */
export async function removeCard(
  actor: Actor,
  account: Account,
  outsideId: string,
  clock: Clock,
): Promise<Result<CardRemoved, PurserError>> {
  if (!can(actor, 'cards:manage', account)) return err({ code: 'forbidden' })
  const id = readId('crd', outsideId)
  const card = id === null ? null : await findCard(account.id, id)
  if (card === null) return err({ code: 'not_found', what: 'card' })
  const detached = await detachCard(card.stripePaymentMethodId)
  // What Stripe does not keep any more is removed already: an earlier try got so far.
  if (!detached.ok && detached.error.kind !== 'rejected') return err(stripeRefusal(detached.error))
  const now = accountClock(account, clock).now()
  return inTransaction(async (tx) => {
    await lockAccountTerms(tx, account.id)
    const removed = await removeCardRow(tx, account.id, card.id, now)
    const rechargeStopped =
      removed?.wasDefault === true && (await disableRecharge(tx, account.id, 'card_removed', actorLabel(actor), now))
    if (rechargeStopped) await touchAccountTerms(tx, account.id)
    return ok({ rechargeStopped })
  })
}
