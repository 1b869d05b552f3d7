import 'server-only'

import type { MonthUsage } from '@/lib/billing/rules/invoice'
import type { WalletState } from '@/lib/ledger/types'
import { amount, type Amount } from '@/lib/money/amount'
import { quantity } from '@/lib/money/quantity'

import { firstSequenceFrom } from './entries'
import { readQuantity } from './numeric'
import type { Row, Tx } from './pool'

/** A usage event may have occurred this much after it was reported (api.md). */
const MOST_AHEAD_MS = 300_000

const BY_MONTH = `SELECT to_char(day, 'YYYY-MM') AS month, meter, sum(quantity) AS quantity, sum(amount)::bigint AS amount
  FROM daily_usage WHERE account_id = $1 AND wallet_id = $2 AND day BETWEEN $3::date AND $4::date
  GROUP BY month, meter ORDER BY month, meter`
const FROM_INSTANT = `SELECT u.meter, sum(u.quantity) AS quantity, sum(u.amount)::bigint AS amount
  FROM entry e JOIN usage_event u ON u.account_id = e.account_id AND u.id = e.event_id
  WHERE e.account_id = $1 AND e.wallet_id = $2 AND e.sequence >= $3 AND e.kind = 'usage' AND e.occurred_at >= $4 AND e.occurred_at < $5
  GROUP BY u.meter`
const DEBT_FROM = `SELECT coalesce(sum(debt_change), 0)::bigint AS debt FROM entry
  WHERE account_id = $1 AND wallet_id = $2 AND sequence >= $3 AND occurred_at >= $4 AND debt_change > 0`

/** What was used from a wallet on some days (both included), by month and meter, with the days in the account's time zone. */
export async function readMonthUsage(
  tx: Tx,
  { accountId, id }: WalletState,
  firstDay: string,
  lastDay: string,
): Promise<readonly MonthUsage[]> {
  const rows = await tx.query(BY_MONTH, [accountId, id, firstDay, lastDay])
  return rows.map((row) => ({ month: row['month'] as string, ...readUsage(row) }))
}

/** What was used from a wallet from an instant on until another: the part of a day that a cutover in its middle leaves out. */
export async function readUsageBetween(
  tx: Tx,
  wallet: WalletState,
  from: Date,
  to: Date,
): Promise<readonly Omit<MonthUsage, 'month'>[]> {
  const first = await firstFrom(tx, wallet, from)
  return (await tx.query(FROM_INSTANT, [wallet.accountId, wallet.id, first, from, to])).map(readUsage)
}

/** The debt that was made by what occurred at or after an instant. Reads the journal from there on. */
export async function readDebtFrom(tx: Tx, wallet: WalletState, from: Date): Promise<Amount> {
  const first = await firstFrom(tx, wallet, from)
  const [row] = await tx.query(DEBT_FROM, [wallet.accountId, wallet.id, first, from])
  return amount(row?.['debt'] as bigint)
}

async function firstFrom(tx: Tx, { accountId, id, lastSequence }: WalletState, from: Date): Promise<bigint> {
  return firstSequenceFrom(accountId, id, lastSequence, new Date(from.getTime() - MOST_AHEAD_MS), tx)
}

function readUsage(row: Row): Omit<MonthUsage, 'month'> {
  return {
    meter: row['meter'] as string,
    quantity: quantity(readQuantity(row['quantity'] as string)),
    amount: amount(row['amount'] as bigint),
  }
}
