import { createHash, randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { credit } from '@/lib/ledger/credit'
import type { CanonicalEntry } from '@/lib/ledger/canonical'
import { CHAIN_START, findBreaches, verifyChain } from '@/lib/ledger/invariants'
import { spend } from '@/lib/ledger/spend'
import type { Allocation, Book, EntryKind, NewGrant } from '@/lib/ledger/types'
import { amount } from '@/lib/money/amount'
import { cents } from '@/lib/money/cents'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { createOrganization } from '@/lib/testing/organization'

import { lockBook, readBooks } from './books'
import { newId } from './ids'
import { saveBook, type NewEntry } from './journal'
import { inTransaction, query, type Tx } from './pool'

const CREDIT = { assetCode: 'credit', scale: 9, memberId: null }
const at = new Date('2026-11-23T10:00:00.000Z')

let database: TestDatabase
let accountId: string

beforeAll(async () => {
  database = await openTestDatabase()
}, 60_000)

afterAll(() => database.drop())

beforeEach(async () => {
  accountId = (await createOrganization()).account.id
})

function entry(draft: NewEntry['draft'], key: string, grant: string | null = null): NewEntry {
  return {
    draft,
    details: {
      id: newId(),
      createdAt: at,
      idempotencyKey: key,
      actor: 'job:test',
      description: 'Test "quoted", ünïcode',
      references: { grant },
    },
  }
}

function newGrant(): NewGrant {
  const lifetime = { effectiveAt: at, expiresAt: null, paymentId: null }
  return {
    id: newId(),
    source: 'promo',
    purpose: 'Test',
    priority: 50,
    scope: null,
    costBasisCents: cents(0n),
    ...lifetime,
  }
}

async function give(tx: Tx, units: bigint, key: string): Promise<void> {
  const before = await lockBook(tx, accountId, CREDIT, at)
  const posted = credit(before, { kind: 'grant', amount: amount(units), grant: newGrant(), at, occurredAt: at })
  if (!posted.ok) throw new Error(posted.error.code)
  await saveBook(tx, before, posted.value.book, [entry(posted.value.entry, key, posted.value.grant?.id ?? null)])
}

async function take(tx: Tx, units: bigint, key: string): Promise<boolean> {
  const before = await lockBook(tx, accountId, CREDIT, at)
  const spent = spend(before, {
    amount: amount(units),
    kind: 'usage',
    context: { at },
    occurredAt: at,
    shortfall: 'refuse',
  })
  if (!spent.ok) return false
  await saveBook(tx, before, spent.value.book, [entry(spent.value.entry, key)])
  return true
}

async function onlyBook(): Promise<Book> {
  const [book] = await readBooks(accountId)
  if (book === undefined) throw new Error('no wallet')
  return book
}

/** The journal as PostgreSQL has it, in the form that its hashes vouch for. */
async function storedChain(): Promise<readonly (CanonicalEntry & { hash: string })[]> {
  const rows = await query('SELECT * FROM entry WHERE account_id = $1 ORDER BY sequence', [accountId])
  const allocations = await query('SELECT * FROM allocation WHERE account_id = $1', [accountId])
  return rows.map((row) => ({
    accountId,
    walletId: row['wallet_id'] as string,
    kind: row['kind'] as EntryKind,
    sequence: row['sequence'] as bigint,
    amount: amount(row['amount'] as bigint),
    balanceAfter: amount(row['balance_after'] as bigint),
    debtChange: amount(row['debt_change'] as bigint),
    occurredAt: row['occurred_at'] as Date,
    createdAt: row['created_at'] as Date,
    idempotencyKey: row['idempotency_key'] as string,
    actor: row['actor'] as string,
    description: row['description'] as string,
    references: { grant: row['grant_id'] as string | null },
    allocations: allocations
      .filter((allocation) => allocation['entry_id'] === row['id'])
      .map((allocation): Allocation => ({
        grantId: allocation['grant_id'] as string,
        amount: amount(allocation['amount'] as bigint),
        order: allocation['alloc_order'] as number,
      })),
    previousHash: row['previous_hash'] as string,
    hash: row['hash'] as string,
  }))
}

const sha256 = (line: string) => createHash('sha256').update(line).digest('hex')

describe('the journal in PostgreSQL', () => {
  it('lets exactly as many of fifty parallel debits pass as there is credit for, dense and chained', async () => {
    await inTransaction((tx) => give(tx, 20n, 'give'))
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, number) => inTransaction((tx) => take(tx, 1n, `take-${number}`))),
    )
    expect(outcomes.filter(Boolean)).toHaveLength(20)
    const book = await onlyBook()
    expect(book.wallet).toMatchObject({ balance: 0n, lastSequence: 21n })
    expect(findBreaches(book, at)).toEqual([])
    const chain = await storedChain()
    expect(chain.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 21 }, (_, index) => BigInt(index + 1)))
    expect(verifyChain(chain, sha256, CHAIN_START).breaches).toEqual([])
    expect(chain.at(-1)?.hash).toBe(book.wallet.lastHash)
  })

  it('makes one wallet when many first credits come at once', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, number) => inTransaction((tx) => give(tx, 5n, `give-${number}`))))
    expect(await readBooks(accountId)).toHaveLength(1)
    expect((await onlyBook()).wallet.balance).toBe(50n)
  })

  it('refuses a second entry with the same idempotency key, and leaves nothing of it behind', async () => {
    await inTransaction((tx) => give(tx, 20n, 'once'))
    await expect(inTransaction((tx) => give(tx, 20n, 'once'))).rejects.toMatchObject({ code: '23505' })
    expect((await onlyBook()).wallet).toMatchObject({ balance: 20n, lastSequence: 1n })
  })

  it('leaves nothing behind when the process fails after writing', async () => {
    await inTransaction((tx) => give(tx, 20n, 'first'))
    const failing = inTransaction(async (tx) => {
      await take(tx, 5n, 'lost')
      throw new Error('the process dies here')
    })
    await expect(failing).rejects.toThrow('the process dies here')
    const book = await onlyBook()
    expect(book.wallet).toMatchObject({ balance: 20n, lastSequence: 1n })
    expect(book.grants.map(({ remaining }) => remaining)).toEqual([20n])
    expect(await storedChain()).toHaveLength(1)
  })

  it('shows a line that somebody changed behind its back', async () => {
    await inTransaction((tx) => give(tx, 20n, 'give'))
    await inTransaction((tx) => take(tx, 5n, 'take'))
    const chain = await storedChain()
    const forged = chain.map((line) => (line.kind === 'usage' ? { ...line, description: 'Nothing to see' } : line))
    expect(verifyChain(forged, sha256, CHAIN_START).breaches).not.toEqual([])
  })

  it.each(['entry', 'allocation', 'usage_event'])(
    'never lets the application change or delete a line of %s',
    async (table) => {
      await inTransaction((tx) => give(tx, 20n, 'give'))
      await expect(query(`DELETE FROM ${table} WHERE account_id = $1`, [accountId])).rejects.toMatchObject({
        code: '42501',
      })
      await expect(query(`UPDATE ${table} SET amount = 1 WHERE account_id = $1`, [accountId])).rejects.toMatchObject({
        code: '42501',
      })
    },
  )

  it.each(['entry', 'allocation', 'usage_event'])(
    'refuses even the owner of the database to rewrite %s',
    async (table) => {
      await inTransaction((tx) => give(tx, 20n, 'give'))
      const asOwner = (statement: string) =>
        inTransaction(async (tx) => {
          await tx.query('RESET ROLE')
          await tx.query('SET LOCAL ROLE purser')
          await tx.query(statement)
        })
      await expect(asOwner(`UPDATE ${table} SET amount = 1`)).rejects.toThrow(
        `${table} is append-only: UPDATE is refused`,
      )
      await expect(asOwner(`DELETE FROM ${table}`)).rejects.toThrow(`${table} is append-only: DELETE is refused`)
      await expect(asOwner(`TRUNCATE ${table}`)).rejects.toThrow(`${table} is append-only: TRUNCATE is refused`)
    },
  )

  it('writes no line before the line above it, whatever time its author goes by', async () => {
    await inTransaction((tx) => give(tx, 20n, 'now'))
    const before = await onlyBook()
    const spent = spend(before, {
      ...{ amount: amount(5n), kind: 'usage', shortfall: 'refuse' },
      ...{ context: { at }, occurredAt: new Date(at.getTime() - 60_000) },
    })
    if (!spent.ok) throw new Error(spent.error.code)
    const written = entry(spent.value.entry, randomUUID())
    const details = { ...written.details, createdAt: new Date(at.getTime() - 60_000) }
    await inTransaction((tx) => saveBook(tx, before, spent.value.book, [{ ...written, details }]))
    const lines = await query('SELECT created_at, occurred_at FROM entry WHERE account_id = $1 ORDER BY sequence', [
      before.wallet.accountId,
    ])
    expect(lines.at(-1)).toEqual({ created_at: at, occurred_at: new Date(at.getTime() - 60_000) })
    expect((await onlyBook()).wallet.lastEntryAt).toEqual(at)
  })

  it('refuses a wallet that was moved without its lock', async () => {
    await inTransaction((tx) => give(tx, 20n, 'give'))
    const stale = await onlyBook()
    await inTransaction((tx) => take(tx, 5n, 'take'))
    const spent = spend(stale, {
      amount: amount(5n),
      kind: 'usage',
      context: { at },
      occurredAt: at,
      shortfall: 'refuse',
    })
    if (!spent.ok) throw new Error(spent.error.code)
    const { book, entry: draft } = spent.value
    await expect(inTransaction((tx) => saveBook(tx, stale, book, [entry(draft, randomUUID())]))).rejects.toThrow()
    expect((await onlyBook()).wallet.balance).toBe(15n)
  })
})
