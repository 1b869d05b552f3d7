import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { lockBook, readBooks } from '@/lib/db/books'
import { mergeAccountPolicy } from '@/lib/db/organizations'
import { inTransaction, query } from '@/lib/db/pool'
import { findBreaches } from '@/lib/ledger/invariants'
import { CREDIT_SCALE } from '@/lib/money/amount'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { killWaiting } from '@/lib/testing/kill-waiting'
import { definePrice, giveCredit, useMeter } from '@/lib/testing/ledger-factory'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'

import type { EntryAnswer } from './contract'
import { reverseUsage } from './reverse-usage'

const key = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' } as const
const NOW = new Date('2027-01-01T00:00:00Z')
const hours = (count: number) => new Date(NOW.getTime() + count * 3_600_000)
const ROUTE = 'POST /usage/{event_id}/reversal'

let database: TestDatabase
let org: TestOrganization

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'run', name: 'Rule run', unit: 'count' }, { model: 'per_unit', unit_price: '1' })
  await definePrice({ key: 'ping', name: 'Ping', unit: 'count' }, { model: 'per_unit', unit_price: '0' })
})
afterAll(() => database.drop())
beforeEach(async () => {
  org = await createOrganization()
})

/** Takes back what an event charged. The key stands for the body too, unless another hash is given. */
function takeBack(
  id: string,
  amount?: string,
  { once = randomUUID() as string, at = NOW, mode = 'test' as 'test' | 'live' } = {},
) {
  const input = { organization: org.account.externalId, ...(amount === undefined ? {} : { amount }) }
  const hash = JSON.stringify([id, input])
  return reverseUsage({ ...key, mode }, id, input, { route: ROUTE, key: once, bodyHash: hash }, { now: () => at })
}

async function entryOf(reversal: ReturnType<typeof takeBack>): Promise<EntryAnswer> {
  const done = await reversal
  if (!done.ok) throw new Error(JSON.stringify(done.error))
  return JSON.parse(done.value.answer) as EntryAnswer
}

async function use(quantity: string, id = `evt-${randomUUID()}`): Promise<string> {
  await useMeter(org.account, NOW, [{ meter: 'run', quantity, id }])
  return id
}

/** Uses more than there is, which the policy allows: one credit is there, the rest becomes debt. */
async function oweFor(quantity: number): Promise<string> {
  await mergeAccountPolicy(org.account.id, { at_zero: 'overdraft', overdraft_limit: '100' })
  return use(`${quantity}`)
}

const scaled = (credits: number) => BigInt(credits) * 1_000_000_000n

async function expectSoundBooks(balance: bigint, at = NOW) {
  const [book] = await readBooks(org.account.id)
  if (book === undefined) throw new Error('no wallet')
  expect(findBreaches(book, at)).toEqual([])
  expect(book.wallet.balance).toBe(balance)
  return book
}

const daily = () => query('SELECT amount, quantity, events FROM daily_usage WHERE account_id = $1', [org.account.id])

describe('reversing usage', () => {
  it('takes all of a charge back into the grants that paid it, the last one first, and leaves the rollup', async () => {
    const first = await giveCredit(org.account.id, { amount: '3', at: NOW, expiresAt: hours(9) })
    const second = await giveCredit(org.account.id, { amount: '10', at: NOW })
    const id = await use('5')
    const before = await daily()
    const entry = await entryOf(takeBack(id))
    expect(entry).toMatchObject({
      kind: 'reversal',
      amount: '5',
      balance_after: '13',
      event_id: id,
      description: 'Taken back: 5 × Rule run',
    })
    const { grants } = await expectSoundBooks(scaled(13))
    expect(grants.map(({ id: grant, remaining }) => [grant, remaining])).toEqual([
      [first.grantId, scaled(3)],
      [second.grantId, scaled(10)],
    ])
    expect(await daily()).toEqual(before)
  })

  it('in parts never takes back more than was charged, and says how much is left', async () => {
    await giveCredit(org.account.id, { amount: '10', at: NOW })
    const id = await use('5')
    expect(await entryOf(takeBack(id, '2'))).toMatchObject({ amount: '2' })
    const refused = {
      code: 'invalid_input',
      errors: [{ path: 'amount', message: 'Use at most 3: no more of this charge is left.' }],
    }
    expect(await takeBack(id, '3.000000001')).toEqual({ ok: false, error: refused })
    expect(await entryOf(takeBack(id))).toMatchObject({ amount: '3' })
    expect(await takeBack(id)).toMatchObject({
      error: { errors: [{ message: 'All of this charge has been taken back already.' }] },
    })
    expect(await takeBack(id, '0.1')).toMatchObject({ error: { errors: [{ path: 'amount' }] } })
    await expectSoundBooks(scaled(10))
  })

  it('of many at once takes back no more than was charged', async () => {
    await giveCredit(org.account.id, { amount: '10', at: NOW })
    const id = await use('5')
    const answers = await Promise.all(Array.from({ length: 8 }, () => takeBack(id, '2')))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(2)
    await expectSoundBooks(scaled(9))
  })

  it('again with its key answers the same, writes nothing, and refuses another body', async () => {
    await giveCredit(org.account.id, { amount: '10', at: NOW })
    const id = await use('5')
    const once = randomUUID()
    const twins = await Promise.all(Array.from({ length: 4 }, () => takeBack(id, '1', { once })))
    expect(new Set(twins.map((twin) => (twin.ok ? twin.value.answer : twin.error.code))).size).toBe(1)
    expect(twins.filter((twin) => twin.ok && !twin.value.isReplay)).toHaveLength(1)
    expect(await takeBack(id, '2', { once })).toEqual({ ok: false, error: { code: 'idempotency_conflict' } })
    await expectSoundBooks(scaled(6))
  })

  it('that was cut off takes back nothing, and sent again all of it, once', async () => {
    await giveCredit(org.account.id, { amount: '10', at: NOW })
    const id = await use('5')
    const once = randomUUID()
    await inTransaction(async (tx) => {
      await lockBook(tx, org.account.id, { assetCode: 'credit', scale: CREDIT_SCALE, memberId: null }, NOW)
      const cutOff = expect(takeBack(id, undefined, { once })).rejects.toThrow()
      await killWaiting(database.url)
      await cutOff
    })
    await expectSoundBooks(scaled(5))
    await entryOf(takeBack(id, undefined, { once }))
    await expectSoundBooks(scaled(10))
  })

  it('into a grant that has expired meanwhile lets it expire as it comes', async () => {
    await giveCredit(org.account.id, { amount: '10', at: NOW, expiresAt: hours(1) })
    const id = await use('5')
    await entryOf(takeBack(id, '2', { at: hours(2) }))
    const kinds = await query('SELECT kind, amount FROM entry WHERE account_id = $1 ORDER BY sequence DESC LIMIT 3', [
      org.account.id,
    ])
    expect(kinds).toEqual([
      { kind: 'expiry', amount: -scaled(2) },
      { kind: 'reversal', amount: scaled(2) },
      { kind: 'expiry', amount: -scaled(5) },
    ])
    await expectSoundBooks(0n, hours(2))
  })

  it('of debt that was never repaid only takes the debt away', async () => {
    await giveCredit(org.account.id, { amount: '1', at: NOW })
    const id = await oweFor(6)
    expect(await entryOf(takeBack(id, '4'))).toMatchObject({ amount: '4', grant: null })
    expect((await expectSoundBooks(-scaled(1))).wallet.debt).toBe(scaled(1))
  })

  it.each([
    ['lives no longer than the credit that repaid it', '9', 7, 7],
    ['lives no longer than credit that debt took whole would have', '5', null, 31 * 24],
    ['lives for ever when what repaid it does', '9', null, null],
  ])('of debt that was repaid makes credit that %s', async (_name, amount, expires, expected) => {
    await giveCredit(org.account.id, { amount: '1', at: NOW })
    const id = await oweFor(6)
    await giveCredit(org.account.id, { amount, at: hours(1), expiresAt: expires === null ? null : hours(1 + expires) })
    await entryOf(takeBack(id, undefined, { at: hours(2) }))
    const { grants } = await expectSoundBooks(BigInt(amount) * 1_000_000_000n + scaled(1), hours(2))
    const made = grants.find(({ purpose }) => purpose.startsWith('Taken back'))
    expect(made?.amount).toBe(scaled(5))
    expect(made?.expiresAt ?? null).toEqual(expected === null ? null : hours(1 + expected))
  })

  it('of debt repaid by credit that is over by now gives nothing back that lives on', async () => {
    await giveCredit(org.account.id, { amount: '1', at: NOW })
    const id = await oweFor(6)
    await giveCredit(org.account.id, { amount: '9', at: hours(1), expiresAt: hours(3) })
    await entryOf(takeBack(id, '2', { at: hours(4) }))
    await expectSoundBooks(0n, hours(4))
  })

  it('is refused for what cost nothing, for what nobody recorded, and for the other mode', async () => {
    await giveCredit(org.account.id, { amount: '10', at: NOW })
    const free = `evt-${randomUUID()}`
    await useMeter(org.account, NOW, [{ meter: 'ping', quantity: '1', id: free }])
    expect(await takeBack(free)).toMatchObject({ error: { code: 'invalid_state' } })
    for (const id of ['none', 'a\u0000b', 'x'.repeat(999)]) {
      expect(await takeBack(id)).toEqual({ ok: false, error: { code: 'not_found', what: 'usage event' } })
    }
    const id = await use('5')
    expect(await takeBack(id, undefined, { mode: 'live' })).toMatchObject({ error: { code: 'not_found' } })
    expect(await takeBack(id, '0')).toMatchObject({ error: { code: 'invalid_input', errors: [{ path: 'amount' }] } })
    await expectSoundBooks(scaled(5))
  })
})
