import 'server-only'

import type { PaymentKind } from '@/lib/billing/rules/payment-kind'
import { amount, type Amount } from '@/lib/money/amount'
import { cents, type Cents } from '@/lib/money/cents'

import { query, type Row } from './pool'

/** A payment as the history and an explanation show it. */
export type PaymentFacts = {
  readonly id: string
  readonly kind: PaymentKind
  readonly status: 'started' | 'awaiting_payment' | 'processing' | 'settled' | 'failed' | 'cancelled'
  readonly amountCents: Cents
  readonly credits: Amount
  readonly assetCode: string
  readonly cardBrand: string | null
  readonly cardLast4: string | null
  readonly paymentIntentId: string | null
  readonly receiptUrl: string | null
  readonly entryId: string | null
  readonly startedById: string | null
  readonly createdAt: Date
}

/** A place among payments, which are ordered by when they were started. */
export type PaymentPlace = { readonly createdAt: Date; readonly id: string }

/** Which unsettled payments are wanted: started between two instants (the end excluded), at least that many credits. */
export type UnsettledFilter = {
  readonly assetCode: string
  readonly kinds: readonly string[]
  readonly from: Date
  readonly to: Date
  readonly minimum: bigint
}

const COLUMNS = `id, kind, status, amount_cents, credits, asset_code, card_brand, card_last4, payment_intent_id, receipt_url, entry_id,
  started_by_id, created_at`
const ONE = `SELECT ${COLUMNS} FROM payment WHERE account_id = $1 AND id = $2`
const UNSETTLED = `SELECT ${COLUMNS} FROM payment
  WHERE account_id = $1 AND status IN ('awaiting_payment', 'processing', 'failed') AND created_at >= $2 AND created_at < $3
    AND asset_code = $4 AND kind = ANY($5::text[]) AND credits >= $6`
const OLDER = `${UNSETTLED} AND (created_at, id) < ($7, $8) ORDER BY created_at DESC, id DESC LIMIT $9`
const NEWER = `${UNSETTLED} AND (created_at, id) >= ($7, $8) ORDER BY created_at, id LIMIT $9`

/** One payment of an account, or null. */
export async function findPaymentFacts(accountId: string, id: string): Promise<PaymentFacts | null> {
  const [row] = await query(ONE, [accountId, id])
  return row === undefined ? null : readPayment(row)
}

/** Payments that are pending or failed: those before a place, newest first, or those from it on, oldest first. */
export async function readUnsettledPayments(
  accountId: string,
  filter: UnsettledFilter,
  direction: 'older' | 'newer',
  place: PaymentPlace,
  limit: number,
): Promise<readonly PaymentFacts[]> {
  const { from, to, assetCode, kinds, minimum } = filter
  const parameters = [accountId, from, to, assetCode, kinds, minimum, place.createdAt, place.id, limit]
  return (await query(direction === 'older' ? OLDER : NEWER, parameters)).map(readPayment)
}

function readPayment(row: Row): PaymentFacts {
  return {
    id: row['id'] as string,
    kind: row['kind'] as PaymentFacts['kind'],
    status: row['status'] as PaymentFacts['status'],
    amountCents: cents(row['amount_cents'] as bigint),
    credits: amount(row['credits'] as bigint),
    assetCode: row['asset_code'] as string,
    cardBrand: row['card_brand'] as string | null,
    cardLast4: row['card_last4'] as string | null,
    paymentIntentId: row['payment_intent_id'] as string | null,
    receiptUrl: row['receipt_url'] as string | null,
    entryId: row['entry_id'] as string | null,
    startedById: row['started_by_id'] as string | null,
    createdAt: row['created_at'] as Date,
  }
}
