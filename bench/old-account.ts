import type { Account } from '@/lib/db/organizations'
import { inTransaction, query } from '@/lib/db/pool'
import { recordUsage } from '@/lib/usage/record-usage'
import { toUsageEvent, usageEventInput } from '@/lib/usage/contract'

import { eventFields } from './sample-event'
import { BACKEND, makeAccount } from './world'

const DAYS = 45
const DAY_MS = 86_400_000
/** What each seeded event cost, in smallest units. */
const AMOUNT = 1_000

const WALLET = 'SELECT id, balance, last_sequence FROM wallet WHERE account_id = $1'
const GRANT = 'SELECT id FROM credit_grant WHERE account_id = $1 AND open LIMIT 1'
const PRICE = 'SELECT price_id FROM usage_event WHERE account_id = $1 LIMIT 1'
/** Ids in the order of their entries, as the real ones are. */
const ENTRY_ID = `('01930000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`
const AT = `$2::timestamptz + n * (interval '${DAYS} days' / $3)`
const SERIES = 'generate_series(1, $3::int) AS n'

const SEED_EVENTS = `INSERT INTO usage_event (account_id, id, body_hash, wallet_id, meter, price_id, quantity, used_before, covered, amount,
    outcome, entry_id, balance_after, available, key_label, resource, model, cost, occurred_at, created_at)
  SELECT $1, 'seed-' || n, encode(sha256(n::text::bytea), 'hex'), $4, $5, $6, 3, 0, 0, ${AMOUNT}, 'charged', ${ENTRY_ID},
    $7::bigint - n * ${AMOUNT}, $7::bigint - n * ${AMOUNT}, 'key-' || n % 4, 'deployment-' || n % 5, 'model-' || n % 3, 0.00021, ${AT}, ${AT}
  FROM ${SERIES}`
const SEED_ENTRIES = `INSERT INTO entry (account_id, wallet_id, id, sequence, kind, amount, balance_after, debt_change, occurred_at, created_at,
    idempotency_key, actor, description, grant_id, event_id, previous_hash, hash)
  SELECT $1, $4, ${ENTRY_ID}, $5::bigint + n, 'usage', -${AMOUNT}, $6::bigint - n * ${AMOUNT}, 0, ${AT}, ${AT}, 'usage:seed-' || n,
    'key:bench', '3 Calls', $7, 'seed-' || n, encode(sha256((n - 1)::text::bytea), 'hex'), encode(sha256(n::text::bytea), 'hex')
  FROM ${SERIES}`
const SEED_ALLOCATIONS = `INSERT INTO allocation (account_id, entry_id, alloc_order, grant_id, amount)
  SELECT $1, ${ENTRY_ID}, 1, $2, -${AMOUNT} FROM ${SERIES}`
const SEED_DAYS = `INSERT INTO daily_usage AS d (account_id, day, wallet_id, meter, model, resource, feature, member, key_label, quantity, amount,
    cost, events)
  SELECT account_id, (occurred_at AT TIME ZONE 'UTC')::date, wallet_id, meter, model, resource, '', '', key_label, sum(quantity), sum(amount),
    sum(cost), count(*)
  FROM usage_event WHERE account_id = $1 AND id LIKE 'seed-%' GROUP BY 1, 2, 3, 4, 5, 6, 9`
const MOVE_WALLET = `UPDATE wallet SET balance = balance - $3::bigint, last_sequence = last_sequence + $4::bigint,
  last_hash = encode(sha256(($4::bigint)::text::bytea), 'hex') WHERE account_id = $1 AND id = $2`
const MOVE_GRANT = 'UPDATE credit_grant SET remaining = remaining - $3::bigint WHERE account_id = $1 AND id = $2'

/**
 * An account with so many usage events and entries of the last 45 days. They are written by SQL in one go, because a million through the
 * verb would take minutes: the hashes are not a real chain. Everything that is measured on it later goes through the verbs.
 */
export async function makeOldAccount(name: string, events: number): Promise<Account> {
  const start = new Date(Date.now() - (DAYS + 1) * DAY_MS)
  const account = await makeAccount(name, 1, start)
  const first = toUsageEvent(usageEventInput.parse({ id: 'first', organization: name, ...eventFields(1) }))
  const recorded = await recordUsage(BACKEND, account, [first], { now: () => new Date(start.getTime() + 1) })
  if (!recorded.ok) throw new Error(`the first event was refused: ${recorded.error.code}`)
  const { id: accountId } = account
  const [wallet] = await query(WALLET, [accountId])
  const [grant] = await query(GRANT, [accountId])
  const [price] = await query(PRICE, [accountId])
  const walletId = wallet?.['id']
  const series = [accountId, start, events, walletId]
  await inTransaction(async (tx) => {
    await tx.query(SEED_EVENTS, [...series, eventFields(1).meter, price?.['price_id'], wallet?.['balance']])
    await tx.query(SEED_ENTRIES, [...series, wallet?.['last_sequence'], wallet?.['balance'], grant?.['id']])
    await tx.query(SEED_ALLOCATIONS, [accountId, grant?.['id'], events])
    await tx.query(SEED_DAYS, [accountId])
    await tx.query(MOVE_WALLET, [accountId, walletId, events * AMOUNT, events])
    await tx.query(MOVE_GRANT, [accountId, grant?.['id'], events * AMOUNT])
  })
  return account
}
