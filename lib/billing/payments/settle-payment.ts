import 'server-only'

import { cardText } from '@/lib/analytics/rules/card-text'
import { actorLabel, type Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { lockAccountTerms } from '@/lib/db/account-terms'
import { announceBalance } from '@/lib/db/announce'
import { lockAutoCharge } from '@/lib/db/auto-charges'
import { lockBook } from '@/lib/db/books'
import { readCatalogue } from '@/lib/db/catalogue'
import { withDueEntries } from '@/lib/db/due'
import { newId } from '@/lib/db/ids'
import { saveBook } from '@/lib/db/journal'
import { findAccount, type Account } from '@/lib/db/organizations'
import { claimIntent, findPayment, lockPayment, movePayment, settlePaymentRow, type Payment } from '@/lib/db/payments'
import { inTransaction, type Tx } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { credit } from '@/lib/ledger/credit'
import type { EntryDraft, NewGrant } from '@/lib/ledger/types'
import { cents } from '@/lib/money/cents'
import { err, ok, type Result } from '@/lib/result'
import type { PaymentFacts, PaymentFailure } from '@/lib/stripe/facts'
import { readPayment } from '@/lib/stripe/read-payment'

import { endPayment } from './end-payment'
import { noteSettled } from '../charges/note-settled'
import { admitPayment } from '../rules/admit-payment'
import type { ChargeFailure } from '../rules/auto-charge'
import { creditKind, type PaymentKind } from '../rules/payment-kind'
import { purchaseExpiry } from '../rules/plan-purchase'
import { stripeRefusal } from './stripe-refusal'

/** What became of a payment that Stripe told us about. */
export type Settlement =
  | { readonly status: 'credited' | 'already_credited' | 'processing' | 'open' | 'failed' | 'cancelled' }
  /** It is not ours, or not what was asked for: nothing was credited, a person should look. */
  | { readonly status: 'refused'; readonly reason: string }
  | { readonly status: 'foreign' }

/**
 * Does what Stripe says about a payment intent, which is read anew, so the order of arrival never matters. A succeeded one
 * becomes one entry of its kind, once ever: webhook, return page and job may all call this at once. What Stripe does happens in real
 * time; the credit is dated by the account's own. Locks the account, the wallet, the account's automatic charges, then the payment. Errors:
 * `forbidden`, `unavailable`.
 */
export async function settlePayment(
  actor: Actor,
  paymentIntentId: string,
  clock: Clock,
): Promise<Result<Settlement, PurserError>> {
  const facts = await readPayment(paymentIntentId)
  if (!facts.ok) return err(stripeRefusal(facts.error))
  const { account_id: accountId, payment_id: paymentId } = facts.value.metadata
  if (accountId === undefined || paymentId === undefined || !isUuid(accountId) || !isUuid(paymentId)) {
    return ok({ status: 'foreign' })
  }
  const account = await findAccount(accountId)
  const payment = account === null ? null : await findPayment(accountId, paymentId)
  if (account === null || payment === null) return ok({ status: 'foreign' })
  if (!can(actor, 'payments:settle', account)) return err({ code: 'forbidden' })

  const at = accountClock(account, clock).now()
  if (facts.value.status !== 'succeeded') return ok(await followPayment(account, payment, facts.value, at))
  const expected = { accountId, paymentId, customerId: account.stripeCustomerId, amountCents: payment.amountCents }
  const admitted = admitPayment(expected, facts.value)
  if (!admitted.ok) return ok({ status: 'refused', reason: admitted.error })

  const settlement = await inTransaction((tx) => creditPayment(tx, account, payment, facts.value, actor, at))
  announceBalance(accountId)
  return ok(settlement)
}

/** Locks, looks for a replay, decides, appends: the one place where money becomes credit. */
async function creditPayment(
  tx: Tx,
  account: Account,
  { id: paymentId, assetCode }: Payment,
  facts: PaymentFacts,
  actor: Actor,
  now: Date,
): Promise<Settlement> {
  const asset = (await readCatalogue(account.mode, tx)).assets.get(assetCode)
  if (asset === undefined) throw new Error(`payment ${paymentId} is in an asset that does not exist`)
  await lockAccountTerms(tx, account.id)
  const before = await lockBook(tx, account.id, { assetCode, scale: asset.scale, memberId: null }, now)
  const charge = await lockAutoCharge(tx, account.id)
  const payment = await lockPayment(tx, account.id, paymentId)
  if (payment === null) throw new Error(`payment ${paymentId} is gone`)
  if (payment.status === 'settled') return payment.paymentIntentId === facts.id ? CREDITED_BEFORE : PAID_TWICE
  if (!(await claimIntent(tx, payment, facts.id, now))) return CREDITED_BEFORE

  const due = withDueEntries(before, now)
  const grant = purchasedGrant(payment, now)
  const request = { kind: creditKind(payment.kind), amount: payment.credits, grant, at: now, occurredAt: now }
  const posted = credit(due.book, request)
  if (!posted.ok) throw new Error(`wallet ${before.wallet.id} cannot hold what payment ${paymentId} bought`)

  const grantId = posted.value.grant?.id ?? null
  const entry = purchaseEntry(payment, posted.value.entry, facts, grantId, actor, now)
  await saveBook(tx, before, posted.value.book, [...due.entries, entry])
  const made = { entryId: entry.details.id, grantId }
  await settlePaymentRow(tx, payment, made, paymentMeans(facts), now)
  await noteSettled(tx, payment, charge, posted.value.book, facts.card, now)
  return { status: 'credited' }
}

const CREDITED_BEFORE: Settlement = { status: 'already_credited' }
const PAID_TWICE: Settlement = { status: 'refused', reason: 'The purchase was paid before. Give this money back.' }

/** Follows a payment that is not paid (yet). A Checkout lets people try another card: a decline there ends nothing. */
async function followPayment(account: Account, payment: Payment, facts: PaymentFacts, now: Date): Promise<Settlement> {
  if (payment.status === 'settled') return { status: 'already_credited' }
  switch (facts.status) {
    case 'processing':
      await movePayment(payment, 'processing', null, now)
      return { status: 'processing' }
    case 'canceled':
      await endPayment(account, payment, { kind: 'given_up' }, now)
      return { status: 'cancelled' }
    case 'requires_payment_method': {
      if (payment.checkoutSessionId !== null || facts.failure === null) return { status: 'open' }
      await endPayment(account, payment, failureOf(facts.failure), now)
      return { status: 'failed' }
    }
    default:
      return { status: 'open' }
  }
}

function failureOf({ code, declineCode, message }: PaymentFailure): ChargeFailure {
  if (code === 'authentication_required') return { kind: 'requires_action', message }
  return { kind: 'declined', code: declineCode ?? code ?? 'card_declined', message }
}

const PURPOSES = {
  purchase: 'Purchase',
  recharge: 'Auto-recharge',
  settlement: 'Rest of a settled debt',
  invoice: 'Rest of a paid invoice',
} as const satisfies Readonly<Record<PaymentKind, string>>

function purchasedGrant(payment: Payment, now: Date): NewGrant {
  return {
    id: newId(),
    source: creditKind(payment.kind),
    purpose: PURPOSES[payment.kind],
    priority: 50,
    scope: null,
    costBasisCents: cents(payment.amountCents),
    effectiveAt: now,
    expiresAt: purchaseExpiry(now, payment),
    paymentId: payment.id,
  }
}

function purchaseEntry(
  payment: Payment,
  draft: EntryDraft,
  facts: PaymentFacts,
  grantId: string | null,
  actor: Actor,
  now: Date,
) {
  return {
    draft,
    details: {
      id: newId(),
      createdAt: now,
      idempotencyKey: `payment:${facts.id}`,
      actor: payerOf(payment, actor),
      description: cardText(facts.card?.brand ?? null, facts.card?.last4 ?? null) ?? 'Card',
      references: { payment: payment.id, grant: grantId },
    },
  }
}

/** Whoever speaks first of an automatic charge, it was the job that made it. */
function payerOf(payment: Payment, actor: Actor): string {
  if (payment.kind !== 'purchase') return `job:${payment.kind}`
  return payment.startedById === null ? actorLabel(actor) : `user:${payment.startedById}`
}

function paymentMeans(facts: PaymentFacts) {
  return {
    paymentIntentId: facts.id,
    cardBrand: facts.card?.brand ?? null,
    cardLast4: facts.card?.last4 ?? null,
    receiptUrl: facts.receiptUrl,
  }
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}
