import { randomUUID } from 'node:crypto'

import { lockBook } from '../db/books'
import { withDueEntries } from '../db/due'
import { newId } from '../db/ids'
import { saveBook } from '../db/journal'
import { inTransaction } from '../db/pool'
import { spend } from '../ledger/spend'
import type { Shortfall } from '../ledger/types'
import { CREDIT_SCALE, parseAmount } from '../money/amount'

/** Usage that a test makes without a price: so many credits of a meter, in an account whose days are those of UTC. */
export type Spent = {
  readonly amount: string
  readonly at: Date
  readonly occurredAt?: Date
  readonly meter?: string
  readonly shortfall?: Shortfall
}

/** Writes one usage entry with its event and its day, as the verbs do. What no grant covers becomes debt unless told otherwise. */
export async function spendCredits(
  accountId: string,
  { amount: text, at, occurredAt = at, meter = 'gpu_second', shortfall = 'debt' }: Spent,
): Promise<void> {
  const parsed = parseAmount(text, CREDIT_SCALE)
  if (!parsed.ok) throw new Error(`not an amount: ${text}`)
  const eventId = `evt-${randomUUID()}`
  await inTransaction(async (tx) => {
    const before = await lockBook(tx, accountId, { assetCode: 'credit', scale: CREDIT_SCALE, memberId: null }, at)
    const due = withDueEntries(before, at)
    const request = { amount: parsed.value, kind: 'usage', context: { at }, occurredAt, shortfall } as const
    const posted = spend(due.book, request)
    if (!posted.ok) throw new Error(`refused: ${posted.error.code}`)
    const id = newId()
    const details = {
      id,
      createdAt: at,
      idempotencyKey: `usage:${eventId}`,
      actor: 'key:test',
      description: meter,
      references: { event: eventId },
    }
    await saveBook(tx, before, posted.value.book, [...due.entries, { draft: posted.value.entry, details }])
    const values = [accountId, eventId, before.wallet.id, meter, parsed.value, id, occurredAt, at]
    await tx.query(
      `INSERT INTO usage_event (account_id, id, body_hash, wallet_id, meter, quantity, used_before, covered, amount, outcome, entry_id,
         balance_after, available, occurred_at, created_at)
       VALUES ($1, $2, '', $3, $4, 1, 0, 0, $5, 'charged', $6, 0, 0, $7, $8)`,
      values,
    )
    await tx.query(
      `INSERT INTO daily_usage AS d (account_id, day, wallet_id, meter, model, resource, feature, member, key_label, quantity, amount,
         cost, events)
       VALUES ($1, $2, $3, $4, '', '', '', '', '', 1, $5, 0, 1)
       ON CONFLICT (account_id, day, wallet_id, meter, model, resource, feature, member, key_label) DO UPDATE
       SET quantity = d.quantity + 1, amount = d.amount + excluded.amount, events = d.events + 1`,
      [accountId, occurredAt.toISOString().slice(0, 10), before.wallet.id, meter, parsed.value],
    )
  })
}
