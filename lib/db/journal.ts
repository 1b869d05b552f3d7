import 'server-only'

import { hash as digest } from 'node:crypto'

import { changedGrants } from '@/lib/ledger/book'
import { canonicalLine } from '@/lib/ledger/canonical'
import type { Book, EntryDetails, EntryDraft, GrantState } from '@/lib/ledger/types'

import { instantArray, plainArray, textArray } from './arrays'
import { wakePausedRuns } from './due-runs'
import type { Tx } from './pool'

/** What an entry may point at. */
export type EntryReferences = {
  readonly grant?: string | null
  readonly payment?: string | null
  readonly event?: string | null
  readonly hold?: string | null
  readonly reverses?: string | null
}

/** A decided entry with everything its author knows about it. */
export type NewEntry = {
  readonly draft: EntryDraft
  readonly details: Omit<EntryDetails, 'references'> & { readonly references: EntryReferences }
}

/** A wallet that moved: as it was locked, as pure code left it, and the entries that say why. */
export type MovedBook = { readonly before: Book; readonly after: Book; readonly entries: readonly NewEntry[] }

const INSERT_ENTRIES = `INSERT INTO entry (account_id, wallet_id, id, sequence, kind, amount, balance_after, debt_change, occurred_at,
    created_at, idempotency_key, actor, description, grant_id, payment_id, event_id, hold_id, reverses_entry_id, previous_hash, hash)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[],
    $9::timestamptz[], $10::timestamptz[], $11::text[], $12::text[], $13::text[], $14::uuid[], $15::uuid[], $16::text[], $17::uuid[],
    $18::uuid[], $19::text[], $20::text[])`
const INSERT_ALLOCATIONS = `INSERT INTO allocation (account_id, entry_id, alloc_order, grant_id, amount)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::uuid[], $5::bigint[])`
const UPDATE_GRANTS = `UPDATE credit_grant AS g
  SET remaining = u.remaining, held = u.held, open = u.remaining > 0, frozen = u.frozen, voided = u.voided
  FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::boolean[], $6::boolean[])
    AS u (account_id, id, remaining, held, frozen, voided)
  WHERE g.account_id = u.account_id AND g.id = u.id`
const INSERT_GRANT = `INSERT INTO credit_grant (account_id, wallet_id, id, sequence, source, purpose, priority, scope, member_id, amount,
    remaining, held, open, cost_basis_cents, effective_at, expires_at, frozen, voided, payment_id, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`
const INSERT_OWNER = 'INSERT INTO grant_owner (grant_id, account_id) VALUES ($1, $2)'
const UPDATE_WALLETS = `UPDATE wallet AS w
  SET balance = u.balance, held = u.held, debt = u.debt, last_sequence = u.last_sequence, last_hash = u.last_hash,
    last_entry_at = u.last_entry_at
  FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::timestamptz[], $9::bigint[])
    AS u (account_id, id, balance, held, debt, last_sequence, last_hash, last_entry_at, expected)
  WHERE w.account_id = u.account_id AND w.id = u.id AND w.last_sequence = u.expected RETURNING w.id`

/** Appends entries to one wallet's journal; see `saveBooks`. Where it brings credit, the runs that wait for it are looked at now. */
export async function saveBook(tx: Tx, before: Book, after: Book, entries: readonly NewEntry[]): Promise<void> {
  await saveBooks(tx, [{ before, after, entries }])
  const written = entries.at(-1)?.details.createdAt
  const isCredited = after.wallet.balance > before.wallet.balance
  if (isCredited && written !== undefined) await wakePausedRuns(tx, before.wallet.accountId, written)
}

/**
 * Appends entries to the journals of wallets and moves the wallets and their grants to where they lead, set-based: one statement a table,
 * however many wallets. The caller holds the wallets' locks. Throws when another writer has moved a wallet, which the lock makes impossible.
 */
export async function saveBooks(tx: Tx, moved: readonly MovedBook[]): Promise<void> {
  if (moved.length === 0) return
  const chained = moved.map(chainEntries)
  const lines = chained.flatMap((each) => each.lines)
  const wallets = moved.map(({ after }) => after.wallet)
  const [updated] = await Promise.all([
    tx.query(UPDATE_WALLETS, [
      wallets.map((wallet) => wallet.accountId),
      wallets.map((wallet) => wallet.id),
      wallets.map((wallet) => wallet.balance),
      wallets.map((wallet) => wallet.held),
      wallets.map((wallet) => wallet.debt),
      wallets.map((wallet) => wallet.lastSequence),
      chained.map(({ lastHash }) => lastHash),
      chained.map(({ lastEntryAt }) => lastEntryAt),
      moved.map(({ before }) => before.wallet.lastSequence),
    ]),
    insertEntries(tx, lines),
    insertAllocations(tx, lines),
    saveGrants(tx, moved),
  ])
  if (updated.length !== moved.length) throw new Error('a wallet was moved without its lock')
}

/** An entry in its place of the chain. */
type ChainedEntry = NewEntry & {
  readonly accountId: string
  readonly walletId: string
  readonly previousHash: string
  readonly hash: string
}

/**
 * Chains entries to the journal they go into. None is written before the line above it, whatever time its author went by (a sweep that
 * books what was due, a test clock that was removed): whoever looks for an instant finds it by halving.
 */
function chainEntries({ before, entries }: MovedBook): {
  readonly lines: readonly ChainedEntry[]
  readonly lastHash: string
  readonly lastEntryAt: Date | null
} {
  const { accountId, id: walletId } = before.wallet
  let { lastHash, lastEntryAt } = before.wallet
  const lines = entries.map((entry) => {
    const createdAt = laterOf(entry.details.createdAt, lastEntryAt)
    const { draft } = entry
    const details = { ...entry.details, createdAt }
    const previousHash = lastHash
    const hash = digest('sha256', canonicalLine({ ...draft, ...details, accountId, walletId, previousHash }), 'hex')
    lastHash = hash
    lastEntryAt = createdAt
    return { draft, details, accountId, walletId, previousHash, hash }
  })
  return { lines, lastHash, lastEntryAt }
}

function laterOf(instant: Date, other: Date | null): Date {
  return other !== null && other > instant ? other : instant
}

async function insertEntries(tx: Tx, lines: readonly ChainedEntry[]): Promise<void> {
  if (lines.length === 0) return
  await tx.query(INSERT_ENTRIES, [
    plainArray(lines.map(({ accountId }) => accountId)),
    plainArray(lines.map(({ walletId }) => walletId)),
    plainArray(lines.map(({ details }) => details.id)),
    plainArray(lines.map(({ draft }) => draft.sequence)),
    plainArray(lines.map(({ draft }) => draft.kind)),
    plainArray(lines.map(({ draft }) => draft.amount)),
    plainArray(lines.map(({ draft }) => draft.balanceAfter)),
    plainArray(lines.map(({ draft }) => draft.debtChange)),
    instantArray(lines.map(({ draft }) => draft.occurredAt)),
    instantArray(lines.map(({ details }) => details.createdAt)),
    textArray(lines.map(({ details }) => details.idempotencyKey)),
    textArray(lines.map(({ details }) => details.actor)),
    textArray(lines.map(({ details }) => details.description)),
    plainArray(lines.map(({ details }) => details.references.grant ?? null)),
    plainArray(lines.map(({ details }) => details.references.payment ?? null)),
    textArray(lines.map(({ details }) => details.references.event ?? null)),
    plainArray(lines.map(({ details }) => details.references.hold ?? null)),
    plainArray(lines.map(({ details }) => details.references.reverses ?? null)),
    plainArray(lines.map((line) => line.previousHash)),
    plainArray(lines.map((line) => line.hash)),
  ])
}

async function insertAllocations(tx: Tx, lines: readonly ChainedEntry[]): Promise<void> {
  const allocations = lines.flatMap(({ accountId, draft, details }) =>
    draft.allocations.map((allocation) => ({ ...allocation, accountId, entryId: details.id })),
  )
  if (allocations.length === 0) return
  await tx.query(INSERT_ALLOCATIONS, [
    plainArray(allocations.map((allocation) => allocation.accountId)),
    plainArray(allocations.map((allocation) => allocation.entryId)),
    plainArray(allocations.map((allocation) => allocation.order)),
    plainArray(allocations.map((allocation) => allocation.grantId)),
    plainArray(allocations.map((allocation) => allocation.amount)),
  ])
}

/** Updates the grants that moved and makes the new ones. New ones are few: a batch of usage makes none. */
async function saveGrants(tx: Tx, moved: readonly MovedBook[]): Promise<void> {
  const updated: (GrantState & { readonly accountId: string })[] = []
  for (const { before, after, entries } of moved) {
    const { accountId, id: walletId } = before.wallet
    const known = new Set(before.grants.map((grant) => grant.id))
    for (const grant of changedGrants(before, after)) {
      if (known.has(grant.id)) updated.push({ ...grant, accountId })
      else await insertGrant(tx, accountId, walletId, grant, entries)
    }
  }
  if (updated.length === 0) return
  await tx.query(UPDATE_GRANTS, [
    updated.map((grant) => grant.accountId),
    updated.map((grant) => grant.id),
    updated.map((grant) => grant.remaining),
    updated.map((grant) => grant.held),
    updated.map((grant) => grant.frozen),
    updated.map((grant) => grant.voided),
  ])
}

async function insertGrant(
  tx: Tx,
  accountId: string,
  walletId: string,
  grant: GrantState,
  entries: readonly NewEntry[],
): Promise<void> {
  const madeAt = entries[0]?.details.createdAt
  if (madeAt === undefined) throw new Error('a grant is made by an entry')
  await tx.query(INSERT_GRANT, grantValues(accountId, walletId, grant, madeAt))
  await tx.query(INSERT_OWNER, [grant.id, accountId])
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
