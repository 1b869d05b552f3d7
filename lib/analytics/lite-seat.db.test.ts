import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { memberInput } from '@/lib/billing/member-contract'
import { putMember } from '@/lib/billing/periods/put-member'
import { findMemberInMode } from '@/lib/db/memberships'
import { query } from '@/lib/db/pool'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { valueOf } from '@/lib/testing/ledger'
import { definePrice, giveCredit, useMeter } from '@/lib/testing/ledger-factory'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'
import { readerOf } from '@/lib/testing/reader'
import { putAsset } from '@/lib/usage/put-asset'

import { explainEntry } from './explain-entry'
import { historyFiltersSchema } from './history-contract'
import { readHistory } from './read-history'
import { readOverview } from './read-overview'
import { visibleWallets, type Reader } from './reader'
import { readCatalogue } from '@/lib/db/catalogue'
import { readBooks } from '@/lib/db/books'

const KEY = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' } as const
const NOW = new Date('2026-11-23T12:00:00Z')
const clock = { now: () => NOW }

let database: TestDatabase
let org: TestOrganization
let lite: Reader

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'run', name: 'Rule run', unit: 'count' }, { model: 'per_unit', unit_price: '1' })
  valueOf(await putAsset(KEY, 'token', { name: 'Token', scale: 0 }))
}, 60_000)

afterAll(() => database.drop())

/** The pool has 100, of which a Pro member spends 40; Leo, who is Lite, has 10 and spends 3. */
beforeEach(async () => {
  org = await createOrganization(NOW)
  await giveCredit(org.account.id, { amount: '100', at: NOW })
  const email = await addressOf(org.member.userId)
  await put({ email, seat: 'lite', lite_allocation: { asset: 'credit', amount: '10' } })
  await useMeter(org.account, NOW, [
    { meter: 'run', quantity: '40', member: 'mia', resource: 'pool-only' },
    { meter: 'run', quantity: '3', member: 'leo', resource: 'own-chat' },
  ])
  const person = await findMemberInMode(org.member.userId, org.account.slug, 'test')
  lite = readerOf(org.account, { ...org.member, seat: 'lite' }, person?.memberId ?? null)
})

async function addressOf(userId: string): Promise<string> {
  const [row] = await query('SELECT email FROM app_user WHERE id = $1', [userId])
  return row?.['email'] as string
}

async function put(fields: object, externalId = 'leo') {
  const input = { ...memberInput.parse(fields), organization: org.account.externalId, externalId }
  return valueOf(await putMember(KEY, input, clock))
}

async function overview(reader: Reader = lite) {
  return valueOf(await readOverview(reader, 'https://billing.test', clock))
}

async function history(reader: Reader = lite) {
  return valueOf(await readHistory(reader, historyFiltersSchema.parse({ range: 'all' }), clock))
}

describe('a person with a Lite seat', () => {
  it('is known by their address among the members of the account', async () => {
    const [member] = await query('SELECT id FROM account_member WHERE account_id = $1', [org.account.id])
    expect(lite.memberId).toBe(member?.['id'])
    const owner = await findMemberInMode(org.owner.userId, org.account.slug, 'test')
    expect(owner?.memberId).toBeNull()
  })

  it('sees on the overview their own balance, allocation, spend and lots, and nothing of the pool', async () => {
    const page = await overview()
    expect(page).toMatchObject({
      balance: { balance: '7', available: '7' },
      band: 'ok',
      allocation: { amount: '10', renewsAt: '2026-12-01T00:00:00.000Z', asset: { code: 'credit' } },
      spentThisMonth: '3',
      hasUsage: true,
      lots: { value: [{ label: 'Monthly allocation', amount: '10', remaining: '7' }] },
      topCosts: { value: [{ label: 'own-chat', amount: '3' }] },
    })
    expect(page.recentActivity.ok && page.recentActivity.value.map(({ amount }) => amount)).toEqual(['-3', '10'])
    expect(JSON.stringify(page)).not.toContain('pool-only')
  })

  it('sees in the history only lines of their own, and opens only those', async () => {
    const own = await history()
    expect(own.rows.map(({ amount, balanceAfter }) => [amount, balanceAfter])).toEqual([
      ['-3', '7'],
      ['10', '10'],
    ])
    const pool = await history(readerOf(org.account, org.owner))
    expect(pool.rows.map(({ amount }) => amount)).toEqual(['-40', '100'])
    expect(pool.rows).toHaveLength(2)
    expect(await explainEntry(lite, own.rows[0]?.id ?? '', clock)).toMatchObject({ value: { balanceAfter: '7' } })
    expect(await explainEntry(lite, pool.rows[0]?.id ?? '', clock)).toMatchObject({ error: { code: 'not_found' } })
  })

  it('hears of their own balance alone while it changes', async () => {
    const books = await readBooks(org.account.id)
    const seen = visibleWallets(lite, await readCatalogue('test'), books)
    expect([seen.seesPool, seen.others, seen.main.book?.wallet.balance]).toEqual([false, [], 7_000_000_000n])
  })

  it('whose allocation is in another asset sees that one first', async () => {
    const email = await addressOf(org.owner.userId)
    await put({ email, seat: 'lite', lite_allocation: { asset: 'token', amount: '5' } }, 'ola')
    const person = await findMemberInMode(org.owner.userId, org.account.slug, 'test')
    const actor = { ...org.owner, role: 'member', seat: 'lite' } as const
    expect(await overview(readerOf(org.account, actor, person?.memberId))).toMatchObject({
      balance: { balance: '5', asset: { code: 'token' } },
      otherBalances: [],
      allocation: { amount: '5', asset: { code: 'token' } },
    })
  })

  it('who is no member of the account yet sees nothing, and that no allocation comes', async () => {
    expect(await overview({ ...lite, memberId: null })).toMatchObject({
      balance: { balance: '0' },
      allocation: { amount: null },
      lots: { value: [] },
      recentActivity: { value: [] },
    })
  })

  it('is not told that the balance is low because the month ends', async () => {
    const days = [4, 3, 2, 1].map((day) => new Date(NOW.getTime() - day * 86_400_000))
    for (const day of days) await useMeter(org.account, day, [{ meter: 'run', quantity: '0.1', member: 'leo' }])
    const late = { now: () => new Date('2026-11-29T12:00:00Z') }
    const page = valueOf(await readOverview(lite, 'https://billing.test', late))
    expect(page.band).toBe('ok')
    const zero = await useMeter(org.account, NOW, [{ meter: 'run', quantity: '6.6', member: 'leo' }])
    expect(zero).toHaveLength(1)
    expect(await overview()).toMatchObject({ band: 'zero', balance: { balance: '0' } })
  })

  it('sees the pool once they have a Pro seat', async () => {
    const pro = readerOf(org.account, org.member, lite.memberId)
    expect(await overview(pro)).toMatchObject({ balance: { balance: '60' }, allocation: null })
  })
})
