import 'server-only'

import { createHash } from 'node:crypto'

import { changedGrants } from '@/lib/ledger/book'
import { canonicalLine } from '@/lib/ledger/canonical'
import type { Book, EntryDetails, EntryDraft, GrantState } from '@/lib/ledger/types'

import type { Tx } from './pool'

/** What an entry may point at. */
export type EntryReferences = {
  readonly grant?: string | null
  readonly payment?: string | null
  readonly event?: string | null
  readonly reverses?: string | null
}

/** A decided entry with everything its author knows about it. */
export type NewEntry = {
  readonly draft: EntryDraft
  readonly details: Omit<EntryDetails, 'references'> & { readonly references: EntryReferences }
}

const INSERT_ENTRIES = `INSERT INTO entry (account_id, wallet_id, id, sequence, kind, amount, balance_after, debt_change, occurred_at,
    created_at, idempotency_key, actor, description, grant_id, payment_id, event_id, reverses_entry_id, previous_hash, hash)
  SELECT $1, $2, u.* FROM unnest($3::uuid[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::timestamptz[],
    $10::timestamptz[], $11::text[], $12::text[], $13::text[], $14::uuid[], $15::uuid[], $16::text[], $17::uuid[], $18::text[], $19::text[]) AS u`
const INSERT_ALLOCATIONS = `INSERT INTO allocation (account_id, entry_id, alloc_order, grant_id, amount)
  SELECT $1, u.* FROM unnest($2::uuid[], $3::smallint[], $4::uuid[], $5::bigint[]) AS u`
const UPDATE_GRANTS = `UPDATE credit_grant AS g
  SET remaining = u.remaining, held = u.held, open = u.remaining > 0, frozen = u.frozen, voided = u.voided
  FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::boolean[], $6::boolean[]) AS u (id, remaining, held, frozen, voided)
  WHERE g.account_id = $1 AND g.id = u.id`
const INSERT_GRANT = `INSERT INTO credit_grant (account_id, wallet_id, id, sequence, source, purpose, priority, scope, member_id, amount,
    remaining, held, open, cost_basis_cents, effective_at, expires_at, frozen, voided, payment_id, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`
const INSERT_OWNER = 'INSERT INTO grant_owner (grant_id, account_id) VALUES ($1, $2)'
const UPDATE_WALLET = `UPDATE wallet SET balance = $3, held = $4, debt = $5, last_sequence = $6, last_hash = $7
  WHERE account_id = $1 AND id = $2 AND last_sequence = $8 RETURNING id`

/**
 * Appends entries to a wallet's journal and moves the wallet and its grants to where they lead, set-based: one statement a table.
 * `before` is the book as it was locked, `after` as pure code left it. The caller holds the wallet's lock. Throws when another
 * writer has moved the wallet, which the lock makes impossible.
 */
export async function saveBook(tx: Tx, before: Book, after: Book, entries: readonly NewEntry[]): Promise<void> {
  const { accountId, id: walletId } = before.wallet
  const now = entries[0]?.details.createdAt
  const lastHash = await insertEntries(tx, before, entries)
  const known = new Set(before.grants.map((grant) => grant.id))
  const changed = changedGrants(before, after)
  await updateGrants(
    tx,
    accountId,
    changed.filter((grant) => known.has(grant.id)),
  )
  for (const grant of changed.filter((candidate) => !known.has(candidate.id))) {
    if (now === undefined) throw new Error('a grant is made by an entry')
    await tx.query(INSERT_GRANT, grantValues(accountId, walletId, grant, now))
    await tx.query(INSERT_OWNER, [grant.id, accountId])
  }
  const { balance, held, debt, lastSequence } = after.wallet
  const values = [accountId, walletId, balance, held, debt, lastSequence, lastHash, before.wallet.lastSequence]
  const updated = await tx.query(UPDATE_WALLET, values)
  if (updated.length !== 1) throw new Error(`wallet ${walletId} was moved without its lock`)
}

/** Chains the hashes in order and writes the lines. Answers the new last hash. */
async function insertEntries(tx: Tx, before: Book, entries: readonly NewEntry[]): Promise<string> {
  const { accountId, id: walletId, lastHash } = before.wallet
  if (entries.length === 0) return lastHash
  let previousHash = lastHash
  const chained = entries.map(({ draft, details }) => {
    const line = canonicalLine({ ...draft, ...details, accountId, walletId, previousHash })
    const entry = { draft, details, previousHash, hash: createHash('sha256').update(line).digest('hex') }
    previousHash = entry.hash
    return entry
  })
  await tx.query(INSERT_ENTRIES, [
    accountId,
    walletId,
    chained.map(({ details }) => details.id),
    chained.map(({ draft }) => draft.sequence),
    chained.map(({ draft }) => draft.kind),
    chained.map(({ draft }) => draft.amount),
    chained.map(({ draft }) => draft.balanceAfter),
    chained.map(({ draft }) => draft.debtChange),
    chained.map(({ draft }) => draft.occurredAt),
    chained.map(({ details }) => details.createdAt),
    chained.map(({ details }) => details.idempotencyKey),
    chained.map(({ details }) => details.actor),
    chained.map(({ details }) => details.description),
    chained.map(({ details }) => details.references.grant ?? null),
    chained.map(({ details }) => details.references.payment ?? null),
    chained.map(({ details }) => details.references.event ?? null),
    chained.map(({ details }) => details.references.reverses ?? null),
    chained.map((entry) => entry.previousHash),
    chained.map((entry) => entry.hash),
  ])
  const allocations = chained.flatMap(({ draft, details }) =>
    draft.allocations.map((allocation) => ({ ...allocation, entryId: details.id })),
  )
  if (allocations.length > 0) {
    await tx.query(INSERT_ALLOCATIONS, [
      accountId,
      allocations.map((allocation) => allocation.entryId),
      allocations.map((allocation) => allocation.order),
      allocations.map((allocation) => allocation.grantId),
      allocations.map((allocation) => allocation.amount),
    ])
  }
  return previousHash
}

async function updateGrants(tx: Tx, accountId: string, grants: readonly GrantState[]): Promise<void> {
  if (grants.length === 0) return
  await tx.query(UPDATE_GRANTS, [
    accountId,
    grants.map((grant) => grant.id),
    grants.map((grant) => grant.remaining),
    grants.map((grant) => grant.held),
    grants.map((grant) => grant.frozen),
    grants.map((grant) => grant.voided),
  ])
}

function grantValues(accountId: string, walletId: string, grant: GrantState, now: Date): readonly unknown[] {
  return [
    accountId,
    walletId,
    grant.id,
    grant.sequence,
    grant.source,
    grant.purpose,
    grant.priority,
    grant.scope === null ? null : JSON.stringify(grant.scope),
    grant.memberId,
    grant.amount,
    grant.remaining,
    grant.held,
    grant.remaining > 0n,
    grant.costBasisCents,
    grant.effectiveAt,
    grant.expiresAt,
    grant.frozen,
    grant.voided,
    grant.paymentId,
    now,
  ]
}
