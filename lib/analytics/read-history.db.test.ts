import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { showId } from '@/lib/db/ids'
import type { Account } from '@/lib/db/organizations'
import { query } from '@/lib/db/pool'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { definePrice, giveCredit, useMeter } from '@/lib/testing/ledger-factory'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'
import { readerOf } from '@/lib/testing/reader'

import { historyFiltersSchema } from './history-contract'
import { readHistory } from './read-history'

const NOW = new Date('2026-11-23T12:00:00Z')
const clock = { now: () => NOW }
const minutesAgo = (count: number) => new Date(NOW.getTime() - count * 60_000)
const daysAgo = (count: number) => minutesAgo(count * 1_440)

let database: TestDatabase
let org: TestOrganization
let account: Account

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'run', name: 'Rule run', unit: 'count' }, { model: 'per_unit', unit_price: '0.01' })
})
afterAll(() => database.drop())
beforeEach(async () => {
  org = await createOrganization(NOW)
  account = org.account
})

/** The history as an address asks for it. */
async function read(search: Record<string, unknown> = {}, reader = readerOf(account, org.owner)) {
  const history = await readHistory(reader, historyFiltersSchema.parse(search), clock)
  if (!history.ok) throw new Error(history.error.code)
  return history.value
}

/** Writes that many usage entries, one a minute, the last one a minute ago. */
async function useRuns(count: number, fields: Record<string, string> = {}) {
  for (let index = count; index > 0; index -= 1) {
    await useMeter(account, minutesAgo(index), [{ meter: 'run', quantity: '1', ...fields }])
  }
}

async function startPayment(status: string, createdAt: Date, kind = 'purchase') {
  const id = randomUUID()
  await query(
    `INSERT INTO payment (account_id, id, kind, status, form_token, amount_cents, credits, asset_code, save_card, card_brand, card_last4,
       started_by_id, created_at, updated_at)
     VALUES ($1, $2::uuid, $3, $4, $2::uuid::text, 2500, 25000000000, 'credit', false, 'visa', '4242', $5, $6, $6)`,
    [account.id, id, kind, status, org.owner.userId, createdAt],
  )
  return showId('pay', id)
}

describe('the credit history', () => {
  it('of an account without any entry says so, which is not an empty filter', async () => {
    expect(await read()).toMatchObject({ rows: [], hasAnyEntry: false, newerCursor: null, olderCursor: null })
    await giveCredit(account.id, { amount: '5', at: minutesAgo(1) })
    expect(await read({ type: 'refund' })).toMatchObject({ rows: [], hasAnyEntry: true })
  })

  it('shows entries newest first with what they were, who did it and the balance after', async () => {
    const by = `user:${org.owner.userId}`
    await giveCredit(account.id, { amount: '10', at: minutesAgo(9), kind: 'purchase', actor: by, description: 'Visa' })
    await useMeter(account, minutesAgo(5), [{ meter: 'run', quantity: '3', resource: 'prod', key: 'ci-runner' }])
    const { rows, asset } = await read()
    expect(asset).toMatchObject({ code: 'credit', name: 'credits', usdPrice: '1' })
    expect(rows).toMatchObject([
      { kind: 'usage', status: 'booked', description: '3 × Rule run on prod', actor: 'Key ci-runner', amount: '-0.03' },
      { kind: 'purchase', description: 'Visa', actor: 'owner', amount: '10', balanceAfter: '10' },
    ])
    expect(rows[0]?.id).toMatch(/^ent_/)
  })

  it('pages through everything once, both ways, while new entries arrive', async () => {
    await giveCredit(account.id, { amount: '10', at: minutesAgo(200) })
    await useRuns(60)
    const first = await read()
    await useMeter(account, NOW, [{ meter: 'run', quantity: '1' }])
    const second = await read({ before: first.olderCursor })
    await useMeter(account, NOW, [{ meter: 'run', quantity: '1' }])
    const third = await read({ before: second.olderCursor })
    const seen = [...first.rows, ...second.rows, ...third.rows].map(({ id }) => id)
    expect(first.newerCursor).toBeNull()
    expect(seen).toHaveLength(61)
    expect(new Set(seen).size).toBe(61)
    expect(third.olderCursor).toBeNull()
    expect((await read({ after: third.newerCursor })).rows).toEqual(second.rows)
    const newest = await read({ after: second.newerCursor })
    expect(newest.rows).toEqual(first.rows)
    expect((await read({ after: newest.newerCursor })).rows.map(({ id }) => id).slice(2)).toEqual(
      first.rows.map(({ id }) => id).slice(0, 23),
    )
  })

  it('puts pending and failed payments among the entries, by when they were started, and pages them once', async () => {
    await giveCredit(account.id, { amount: '10', at: minutesAgo(100) })
    await useRuns(40)
    const failed = await startPayment('failed', minutesAgo(30.5))
    const pending = await startPayment('processing', minutesAgo(2.5))
    await startPayment('cancelled', minutesAgo(3))
    await startPayment('started', minutesAgo(3))
    const first = await read()
    const second = await read({ before: first.olderCursor })
    expect(first.rows[2]).toMatchObject({
      id: pending,
      status: 'pending',
      description: 'Visa •••• 4242',
      actor: 'owner',
      amount: '25',
      balanceAfter: null,
    })
    const all = [...first.rows, ...second.rows]
    expect(all).toHaveLength(43)
    expect(all.filter(({ status }) => status === 'failed')).toMatchObject([{ id: failed }])
    expect(all.findIndex(({ id }) => id === failed)).toBe(31)
    expect((await read({ after: second.newerCursor })).rows).toEqual(first.rows)
    expect(first.subtotal.rows).toBe(41)
  })

  it('filters by type, and adds up all that match', async () => {
    await giveCredit(account.id, { amount: '10', at: minutesAgo(90), kind: 'purchase' })
    await giveCredit(account.id, { amount: '2.5', at: minutesAgo(80), kind: 'coupon' })
    await useRuns(30)
    const count = async (search: Record<string, unknown>) => (await read(search)).subtotal
    expect(await count({})).toEqual({ rows: 32, added: '12.5', spent: '0.3', net: '12.2', isPartial: false })
    expect(await count({ type: 'usage' })).toEqual({
      rows: 30,
      added: '0',
      spent: '0.3',
      net: '-0.3',
      isPartial: false,
    })
    expect(await count({ type: 'coupon' })).toEqual({ rows: 1, added: '2.5', spent: '0', net: '2.5', isPartial: false })
    expect(await count({ type: ['usage', 'coupon'] })).toMatchObject({ rows: 31, added: '2.5', spent: '0.3' })
    expect((await read({ type: ['coupon', 'purchase'] })).rows.map(({ kind }) => kind)).toEqual(['coupon', 'purchase'])
    expect(await count({ min: '2' })).toEqual({ rows: 2, added: '12.5', spent: '0', net: '12.5', isPartial: false })
  })

  it('goes by whole days of the account, also where clocks change', async () => {
    account = { ...account, timeZone: 'America/New_York' }
    // Clocks went back on 1 November 2026: that day had 25 hours, from 04:00 UTC to 05:00 UTC of the next.
    const inside = ['2026-11-01T04:00:00Z', '2026-11-02T04:59:59.999Z']
    const outside = ['2026-11-01T03:59:59.999Z', '2026-11-02T05:00:00Z']
    for (const at of [...inside, ...outside].sort()) await giveCredit(account.id, { amount: '1', at: new Date(at) })
    const { rows, subtotal } = await read({ from: '2026-11-01', to: '2026-11-01' })
    expect(rows.map(({ occurredAt }) => occurredAt)).toEqual(['2026-11-02T04:59:59.999Z', '2026-11-01T04:00:00.000Z'])
    expect(subtotal).toMatchObject({ rows: 2, added: '2' })
    expect((await read({ from: '2026-11-02', to: '2026-11-02' })).rows).toHaveLength(1)
    expect((await read({ to: '2026-10-31' })).rows).toHaveLength(1)
  })

  it('counts a range of days back from today, today included', async () => {
    for (const days of [100, 29, 8, 6]) await giveCredit(account.id, { amount: '1', at: daysAgo(days) })
    const count = async (range: string) => (await read({ range })).subtotal.rows
    expect([await count('7d'), await count('30d'), await count('90d'), await count('all')]).toEqual([1, 3, 3, 4])
  })

  it('finds the whole id of an entry, a request or a payment, whatever the other filters say', async () => {
    const { entryId } = await giveCredit(account.id, { amount: '10', at: daysAgo(200) })
    await useMeter(account, daysAgo(150), [{ meter: 'run', quantity: '1', id: 'order 17' }])
    const pending = await startPayment('awaiting_payment', daysAgo(100))
    const ids = async (q: string) => (await read({ q, range: '7d', type: 'refund' })).rows.map(({ id }) => id)
    expect(await ids(showId('ent', entryId))).toEqual([showId('ent', entryId)])
    expect(await ids('order 17')).toHaveLength(1)
    expect(await ids(pending)).toEqual([pending])
    expect(await ids(showId('ent', randomUUID()))).toEqual([])
  })

  it('finds part of a description, a request id, a key, a member or the name of a person', async () => {
    await giveCredit(account.id, { amount: '10', at: minutesAgo(70), actor: `user:${org.owner.userId}` })
    await useMeter(account, minutesAgo(60), [{ meter: 'run', quantity: '1', id: 'job-A7', resource: 'llama-70b' }])
    await useMeter(account, minutesAgo(50), [{ meter: 'run', quantity: '1', key: 'ci-runner', member: 'raj@acme.dev' }])
    const kinds = async (q: string) => (await read({ q })).rows.map(({ description, actor }) => [description, actor])
    expect(await kinds('LLAMA')).toEqual([['1 × Rule run on llama-70b', null]])
    expect(await kinds('job-a')).toHaveLength(1)
    expect(await kinds('ci-run')).toEqual([['1 × Rule run', 'Key ci-runner']])
    expect(await kinds('raj@')).toHaveLength(1)
    expect(await kinds('owne')).toEqual([['Credit', 'owner']])
    expect(await kinds('100%_')).toEqual([])
  })

  it('searches the newest ten thousand lines, says that there are older ones, and goes on from there', async () => {
    await giveCredit(account.id, { amount: '1000', at: daysAgo(3) })
    await useMeter(account, daysAgo(2), [{ meter: 'run', quantity: '1', resource: 'needle' }])
    const payment = await startPayment('failed', daysAgo(1.5))
    for (let batch = 0; batch < 21; batch += 1) {
      await useMeter(account, minutesAgo(60 - batch), Array(480).fill({ meter: 'run', quantity: '1' }))
    }
    const first = await read({ q: 'needle' })
    expect(first).toMatchObject({ rows: [], subtotal: { rows: 0, isPartial: true }, newerCursor: null })
    const second = await read({ q: 'needle', before: first.olderCursor })
    expect(second.rows).toMatchObject([{ description: '1 × Rule run on needle' }])
    expect(second.olderCursor).toBeNull()
    const large = await read({ min: '5' })
    expect(large).toMatchObject({ rows: [], subtotal: { isPartial: true } })
    const rest = (await read({ min: '5', before: large.olderCursor })).rows
    expect(rest.map(({ id, kind }) => (kind === 'grant' ? kind : id))).toEqual([payment, 'grant'])
    expect((await read()).subtotal).toMatchObject({ rows: 10_082, spent: '100.81', isPartial: false })
  })

  it('shows the newest rows and says so when a cursor was cut off, made up, or taken from another list', async () => {
    await giveCredit(account.id, { amount: '10', at: minutesAgo(90) })
    await useRuns(30)
    const first = await read()
    const cursor = first.olderCursor ?? ''
    const other = await createOrganization(NOW)
    for (const search of [
      { before: cursor.slice(0, -4) },
      { before: 'bm8' },
      { after: '%%' },
      { before: cursor, type: 'usage' },
    ]) {
      const page = await read(search)
      expect(page.isCursorRefused).toBe(true)
      expect(page.rows[0]?.id).toBe(first.rows[0]?.id)
    }
    const elsewhere = await read({ before: cursor }, readerOf(other.account, other.owner))
    expect(elsewhere).toMatchObject({ isCursorRefused: true, rows: [] })
    expect((await read({ before: cursor })).isCursorRefused).toBe(false)
  })

  it('takes filters that make no sense for the defaults', async () => {
    const page = await read({ range: 'ages', size: '7', min: '-1', from: '2026-02-31', type: 'bribe', q: 'a\u0000b' })
    expect(page.filters).toMatchObject({ range: '30d', size: 25, min: null, from: null, type: [], q: '' })
  })

  it("shows nothing of another account's: neither rows, nor an entry by its id", async () => {
    const { entryId } = await giveCredit(account.id, { amount: '10', at: minutesAgo(3) })
    await useMeter(account, minutesAgo(2), [{ meter: 'run', quantity: '1', id: 'secret-order' }])
    const other = await createOrganization(NOW)
    const reader = readerOf(other.account, other.owner)
    expect((await read({ range: 'all' }, reader)).rows).toEqual([])
    expect((await read({ q: showId('ent', entryId) }, reader)).rows).toEqual([])
    expect((await read({ q: 'secret-order' }, reader)).rows).toEqual([])
  })

  it('shows a Lite member nothing of the pool', async () => {
    await giveCredit(account.id, { amount: '10', at: minutesAgo(3) })
    const pending = await startPayment('processing', minutesAgo(2))
    const lite = readerOf(account, { ...org.member, seat: 'lite' })
    expect((await read({}, lite)).rows).toEqual([])
    expect((await read({ q: pending }, lite)).rows).toEqual([])
  })

  it('refuses somebody of another organization', async () => {
    const other = await createOrganization(NOW)
    const reader = readerOf(account, other.owner)
    expect(await readHistory(reader, historyFiltersSchema.parse({}), clock)).toMatchObject({
      error: { code: 'forbidden' },
    })
  })
})
