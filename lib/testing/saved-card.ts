import { ensureCustomer } from '../billing/payments/ensure-customer'
import { listCards, makeDefault, saveCard, type Card } from '../db/cards'
import { findAccount } from '../db/organizations'
import { inTransaction } from '../db/pool'
import { stripeClient } from '../stripe/client'
import { readCard } from '../stripe/read-card'

/**
 * Saves a test card as the account's default, as if its owner had done so earlier. `name` is how Stripe's testing page calls it in
 * `pm_card_…`: `visa`, `mastercard`, `chargeDeclined`, `chargeDeclinedLostCard`, `authenticationRequired` …
 */
export async function saveTestCard(accountId: string, name = 'visa'): Promise<Card> {
  const account = await findAccount(accountId)
  if (account === null) throw new Error('no account to save a card for')
  const customer = await ensureCustomer(account)
  if (!customer.ok) throw new Error(customer.error.kind)
  const kept = name.startsWith('chargeDeclined') ? declinedCard(name) : await attachCard(name, customer.value)
  await inTransaction((tx) => saveCard(tx, accountId, kept, new Date()))
  const saved = (await listCards(accountId)).find((card) => card.stripePaymentMethodId === kept.stripePaymentMethodId)
  if (saved === undefined) throw new Error('the card was not saved')
  await inTransaction((tx) => makeDefault(tx, accountId, saved.id))
  return { ...saved, isDefault: true }
}

async function attachCard(name: string, customer: string) {
  const attached = await stripeClient().paymentMethods.attach(`pm_card_${name}`, { customer })
  const facts = await readCard(attached.id)
  if (!facts.ok || facts.value === null) throw new Error(`${name} is no card`)
  const { paymentMethodId: stripePaymentMethodId, brand, last4, expMonth, expYear, fingerprint } = facts.value
  return { stripePaymentMethodId, brand, last4, expMonth, expYear, fingerprint }
}

/** A bank that declines does not let its card be saved either: such a card is charged by its documented name, as if that had changed since. */
function declinedCard(name: string) {
  const facts = { brand: 'visa', last4: '0002', expMonth: 12, expYear: 2034, fingerprint: name }
  return { ...facts, stripePaymentMethodId: `pm_card_${name}` }
}
