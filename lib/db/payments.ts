import 'server-only'

import type { PaymentKind } from '@/lib/billing/rules/payment-kind'
import { amount, type Amount } from '@/lib/money/amount'
import { cents, type Cents } from '@/lib/money/cents'

import { query, type Row, type Tx } from './pool'

/** Where an attempt to move money stands. Only `settled` has credited anything. */
export type PaymentStatus = 'started' | 'awaiting_payment' | 'processing' | 'settled' | 'failed' | 'cancelled'

/** An attempt to move money from a card to credits. */
export type Payment = {
  readonly accountId: string
  readonly id: string
  readonly kind: PaymentKind
  readonly status: PaymentStatus
  readonly formToken: string
  readonly amountCents: Cents
  readonly credits: Amount
  readonly assetCode: string
  /** Null: what it buys does not expire after some days. */
  readonly expiresAfterDays: number | null
  /** What it buys expires at this instant, the end of a contract; null: not with a contract. */
  readonly expiresAt: Date | null
  readonly saveCard: boolean
  readonly cardId: string | null
  readonly cardBrand: string | null
  readonly cardLast4: string | null
  readonly checkoutSessionId: string | null
  /** Where the person pays: the Checkout page, or the bank's page that confirms a charge of a saved card. */
  readonly checkoutUrl: string | null
  readonly paymentIntentId: string | null
  readonly receiptUrl: string | null
  readonly failureCode: string | null
  readonly failureMessage: string | null
  readonly entryId: string | null
  readonly grantId: string | null
  readonly startedById: string | null
  readonly createdAt: Date
  readonly settledAt: Date | null
}

/** A payment that is about to be attempted. */
export type NewPayment = Pick<
  Payment,
  | 'accountId'
  | 'id'
  | 'kind'
  | 'formToken'
  | 'amountCents'
  | 'credits'
  | 'assetCode'
  | 'expiresAfterDays'
  | 'expiresAt'
  | 'saveCard'
  | 'cardId'
  | 'startedById'
  | 'createdAt'
>

/** What Stripe told about how it was paid. */
export type PaymentMeans = {
  readonly paymentIntentId: string
  readonly cardBrand: string | null
  readonly cardLast4: string | null
  readonly receiptUrl: string | null
}

const COLUMNS = `account_id, id, kind, status, form_token, amount_cents, credits, asset_code, expires_after_days, expires_at,
  save_card, card_id,
  card_brand, card_last4, checkout_session_id, checkout_url, payment_intent_id, receipt_url, failure_code, failure_message, entry_id,
  grant_id, started_by_id, created_at, settled_at`
const INSERT = `INSERT INTO payment (account_id, id, kind, status, form_token, amount_cents, credits, asset_code, expires_after_days,
    expires_at, save_card, card_id, started_by_id, created_at, updated_at)
  VALUES ($1, $2, $3, 'started', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13) ON CONFLICT (account_id, form_token) DO NOTHING RETURNING ${COLUMNS}`
const BY_TOKEN = `SELECT ${COLUMNS} FROM payment WHERE account_id = $1 AND form_token = $2`
const BY_ID = `SELECT ${COLUMNS} FROM payment WHERE account_id = $1 AND id = $2`
const LOCK = `${BY_ID} FOR UPDATE`
const OPEN_CHECKOUT = `UPDATE payment SET status = 'awaiting_payment', checkout_session_id = $3, checkout_url = $4, updated_at = $5
  WHERE account_id = $1 AND id = $2 AND status IN ('started', 'awaiting_payment')`
const NAME_INTENT = `UPDATE payment SET payment_intent_id = $3, updated_at = $4 WHERE account_id = $1 AND id = $2 AND status <> 'settled'`
const AWAIT_BANK = `UPDATE payment SET status = 'awaiting_payment', checkout_url = $3, updated_at = $4
  WHERE account_id = $1 AND id = $2 AND status IN ('started', 'awaiting_payment', 'processing')`
const MOVE = `UPDATE payment SET status = $3, failure_code = $4, failure_message = $5, updated_at = $6
  WHERE account_id = $1 AND id = $2 AND status IN ('started', 'awaiting_payment', 'processing') RETURNING id`
const REOPEN = `UPDATE payment SET status = 'awaiting_payment', checkout_url = NULL, updated_at = $3
  WHERE account_id = $1 AND id = $2 AND status = 'failed' RETURNING id`
const SETTLE = `UPDATE payment SET status = 'settled', entry_id = $3, grant_id = $4, payment_intent_id = $5, card_brand = $6, card_last4 = $7,
    receipt_url = $8, failure_code = NULL, failure_message = NULL, settled_at = $9, updated_at = $9
  WHERE account_id = $1 AND id = $2 AND status <> 'settled' RETURNING id`
const CREDIT_INTENT = `INSERT INTO credited_intent (payment_intent_id, account_id, payment_id, created_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (payment_intent_id) DO NOTHING RETURNING payment_intent_id`

/** Adds a payment, or answers the one that the same form submission made before. */
export async function insertPayment(
  tx: Tx,
  payment: NewPayment,
): Promise<{ readonly payment: Payment; readonly isNew: boolean }> {
  const { accountId, formToken } = payment
  const inserted = await tx.query(INSERT, [
    accountId,
    payment.id,
    payment.kind,
    formToken,
    payment.amountCents,
    payment.credits,
    payment.assetCode,
    payment.expiresAfterDays,
    payment.expiresAt,
    payment.saveCard,
    payment.cardId,
    payment.startedById,
    payment.createdAt,
  ])
  const [row] = inserted.length > 0 ? inserted : await tx.query(BY_TOKEN, [accountId, formToken])
  if (row === undefined) throw new Error('a payment that conflicts with another cannot be found')
  return { payment: readPayment(row), isNew: inserted.length > 0 }
}

/** A payment of an account, or null. */
export async function findPayment(accountId: string, id: string): Promise<Payment | null> {
  return first(await query(BY_ID, [accountId, id]))
}

/** Locks a payment until the transaction ends. Lock its wallet first. */
export async function lockPayment(tx: Tx, accountId: string, id: string): Promise<Payment | null> {
  return first(await tx.query(LOCK, [accountId, id]))
}

/** Remembers the Checkout session that a payment opened. */
export async function attachCheckout(
  payment: Pick<Payment, 'accountId' | 'id'>,
  session: { readonly id: string; readonly url: string },
  now: Date,
): Promise<void> {
  await query(OPEN_CHECKOUT, [payment.accountId, payment.id, session.id, session.url, now])
}

/** Remembers the payment intent that a payment made. */
export async function attachIntent(
  payment: Pick<Payment, 'accountId' | 'id'>,
  paymentIntentId: string,
  now: Date,
): Promise<void> {
  await query(NAME_INTENT, [payment.accountId, payment.id, paymentIntentId, now])
}

/** Remembers the page on which the bank wants the person to confirm a charge. */
export async function awaitConfirmation(
  payment: Pick<Payment, 'accountId' | 'id'>,
  confirmUrl: string,
  now: Date,
): Promise<void> {
  await query(AWAIT_BANK, [payment.accountId, payment.id, confirmUrl, now])
}

/** Moves an open payment, with what went wrong when something did. One that has ended stays as it is. */
export async function movePayment(
  payment: Pick<Payment, 'accountId' | 'id'>,
  status: Exclude<PaymentStatus, 'settled'>,
  failure: { readonly code: string; readonly message: string } | null,
  now: Date,
): Promise<void> {
  await query(MOVE, [payment.accountId, payment.id, status, failure?.code ?? null, failure?.message ?? null, now])
}

/** Ends an open payment, with what went wrong. False when it is not open any more: whoever ended it saw to what follows. */
export async function endPayment(
  tx: Tx,
  payment: Pick<Payment, 'accountId' | 'id'>,
  status: 'failed' | 'cancelled',
  failure: { readonly code: string; readonly message: string } | null,
  now: Date,
): Promise<boolean> {
  const values = [payment.accountId, payment.id, status, failure?.code ?? null, failure?.message ?? null, now]
  return (await tx.query(MOVE, values)).length === 1
}

/** Opens a failed payment again, for its person to confirm at the bank. False when it is not failed any more. */
export async function reopenPayment(tx: Tx, payment: Pick<Payment, 'accountId' | 'id'>, now: Date): Promise<boolean> {
  return (await tx.query(REOPEN, [payment.accountId, payment.id, now])).length === 1
}

/**
 * Claims a payment intent for a payment, once and for all accounts. False when it was credited before. In the transaction of the
 * crediting entry.
 */
export async function claimIntent(
  tx: Tx,
  payment: Pick<Payment, 'accountId' | 'id'>,
  paymentIntentId: string,
  now: Date,
): Promise<boolean> {
  const rows = await tx.query(CREDIT_INTENT, [paymentIntentId, payment.accountId, payment.id, now])
  return rows.length === 1
}

/** Marks a locked payment as settled by an entry. Throws when it was settled before, which the lock and the check rule out. */
export async function settlePaymentRow(
  tx: Tx,
  payment: Pick<Payment, 'accountId' | 'id'>,
  made: { readonly entryId: string; readonly grantId: string | null },
  means: PaymentMeans,
  now: Date,
): Promise<void> {
  const { paymentIntentId, cardBrand, cardLast4, receiptUrl } = means
  const values = [payment.accountId, payment.id, made.entryId, made.grantId, paymentIntentId, cardBrand, cardLast4]
  const rows = await tx.query(SETTLE, [...values, receiptUrl, now])
  if (rows.length !== 1) throw new Error(`payment ${payment.id} was settled twice`)
}

function first(rows: readonly Row[]): Payment | null {
  const row = rows[0]
  return row === undefined ? null : readPayment(row)
}

function readPayment(row: Row): Payment {
  return {
    accountId: row['account_id'] as string,
    id: row['id'] as string,
    kind: row['kind'] as Payment['kind'],
    status: row['status'] as PaymentStatus,
    formToken: row['form_token'] as string,
    amountCents: cents(row['amount_cents'] as bigint),
    credits: amount(row['credits'] as bigint),
    assetCode: row['asset_code'] as string,
    expiresAfterDays: row['expires_after_days'] as number | null,
    expiresAt: row['expires_at'] as Date | null,
    saveCard: row['save_card'] as boolean,
    cardId: row['card_id'] as string | null,
    cardBrand: row['card_brand'] as string | null,
    cardLast4: row['card_last4'] as string | null,
    checkoutSessionId: row['checkout_session_id'] as string | null,
    checkoutUrl: row['checkout_url'] as string | null,
    paymentIntentId: row['payment_intent_id'] as string | null,
    receiptUrl: row['receipt_url'] as string | null,
    failureCode: row['failure_code'] as string | null,
    failureMessage: row['failure_message'] as string | null,
    entryId: row['entry_id'] as string | null,
    grantId: row['grant_id'] as string | null,
    startedById: row['started_by_id'] as string | null,
    createdAt: row['created_at'] as Date,
    settledAt: row['settled_at'] as Date | null,
  }
}
