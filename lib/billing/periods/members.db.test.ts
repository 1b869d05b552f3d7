import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { findMembers } from '@/lib/db/account-members'
import { readTerms } from '@/lib/db/account-terms'
import type { Account } from '@/lib/db/organizations'
import { inTransaction, query } from '@/lib/db/pool'
import { ensureAccount } from '@/lib/organizations/ensure-account'
import { movableClock, type MovableClock } from '@/lib/testing/clock'
import { whileInsertsCrash } from '@/lib/testing/crash'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { readBreaches, readJournal, readLots } from '@/lib/testing/journal'
import { valueOf } from '@/lib/testing/ledger'
import { putAsset } from '@/lib/usage/put-asset'

import { liteAllocations } from './lite-allocations'
import { memberInput, type MemberAnswer } from '../member-contract'
import { putMember } from './put-member'

const KEY = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' } as const
const JOB = { kind: 'job', task: 'test' } as const

let database: TestDatabase
let account: Account
let clock: MovableClock

beforeAll(async () => {
  database = await openTestDatabase()
  valueOf(await putAsset(KEY, 'token', { name: 'Token', scale: 0 }))
}, 60_000)

afterAll(() => database.drop())

beforeEach(async () => {
  clock = movableClock('2026-11-19T00:00:00Z')
  account = await anAccount('Europe/Berlin')
})

async function anAccount(timeZone: string): Promise<Account> {
  const details = { externalId: `test-${randomUUID()}`, name: 'Test', email: null, timeZone }
  return (await inTransaction((tx) => ensureAccount(tx, 'test', details, clock.now()))).account
}

function ask(fields: object, externalId = 'leo') {
  return putMember(KEY, { ...memberInput.parse(fields), organization: account.externalId, externalId }, clock)
}

async function put(fields: object, externalId = 'leo'): Promise<MemberAnswer> {
  return valueOf(await ask(fields, externalId))
}

const lite = (amount: string, asset = 'credit') => ({ seat: 'lite', lite_allocation: { asset, amount } })

async function sweep(at = clock.now()): Promise<void> {
  await liteAllocations.work(JOB, account.id, at)
}

describe('a member', () => {
  it('is made known and answered; what is not named stays, and the same call again changes nothing', async () => {
    const made = await put({ name: 'Leo Park', email: 'Leo@Acme.dev', ...lite('10.50') })
    expect(made).toEqual({
      external_id: 'leo',
      name: 'Leo Park',
      email: 'leo@acme.dev',
      role: 'member',
      seat: 'lite',
      lite_allocation: { asset: 'credit', amount: '10.5' },
      wallets: [
        {
          asset: 'credit',
          balance: '10.5',
          held: '0',
          available: '10.5',
          next_expiry: { amount: '10.5', at: '2026-11-30T23:00:00.000Z' },
        },
      ],
    })
    expect(await put({ seat: 'lite' })).toEqual(made)
    expect(await put({ name: 'Leo Park', email: 'leo@acme.dev', ...lite('10.5') })).toEqual(made)
    expect(await put({ name: null, seat: 'lite' })).toEqual({ ...made, name: null })
  })

  it('is found by the hot path, whose terms say at once that there are Lite members', async () => {
    expect((await readTerms(account.id)).hasLiteMembers).toBe(false)
    await put({ seat: 'pro' }, 'mia')
    expect((await readTerms(account.id)).hasLiteMembers).toBe(false)
    await put(lite('1'))
    expect((await readTerms(account.id)).hasLiteMembers).toBe(true)
    const found = await inTransaction((tx) => findMembers(tx, account.id, ['leo', 'mia', 'nobody']))
    expect([...found].map(([name, { seat }]) => [name, seat]).sort()).toEqual([
      ['leo', 'lite'],
      ['mia', 'pro'],
    ])
    const [wallet] = await query('SELECT member_id FROM wallet WHERE account_id = $1', [account.id])
    expect(wallet?.['member_id']).toBe(found.get('leo')?.id)
  })

  it('is refused by field where the seat, the allocation or the address makes no sense', async () => {
    await put({ seat: 'pro', role: 'admin', email: 'raj@acme.dev' }, 'raj')
    const refusals: readonly (readonly [object, string])[] = [
      [{ seat: 'lite', role: 'owner' }, 'seat'],
      [{ seat: 'pro', lite_allocation: { asset: 'credit', amount: '1' } }, 'lite_allocation'],
      [lite('1', 'no_asset'), 'lite_allocation.asset'],
      [lite('1.5', 'token'), 'lite_allocation.amount'],
      [lite('0'), 'lite_allocation.amount'],
      [{ seat: 'pro', email: 'RAJ@acme.dev' }, 'email'],
    ]
    for (const [fields, path] of refusals) {
      expect(await ask(fields)).toMatchObject({ error: { code: 'invalid_input', errors: [{ path }] } })
    }
    expect(await ask({ seat: 'lite' }, 'raj')).toMatchObject({ error: { errors: [{ path: 'seat' }] } })
    expect(await readJournal(account.id)).toEqual([])
  })

  it('of an organization of the other mode, or by a person, is not made', async () => {
    const input = { ...memberInput.parse({ seat: 'pro' }), organization: account.externalId, externalId: 'leo' }
    expect(await putMember({ ...KEY, mode: 'live' }, input, clock)).toMatchObject({ error: { code: 'not_found' } })
    const person = { kind: 'user', userId: 'x', organizationId: account.organizationId, role: 'member', seat: 'pro' }
    expect(await putMember({ ...person, mode: 'test' } as unknown as typeof KEY, input, clock)).toMatchObject({
      error: { code: 'forbidden' },
    })
  })
})

describe('a Lite allocation', () => {
  it('is there at once, free, in a wallet of the member’s own, until the 1st in the account’s time zone', async () => {
    await put(lite('10'))
    await put(lite('7', 'token'), 'mia')
    expect(await readLots(account.id)).toEqual([
      'lite 10 credit, 2026-10-31T23:00 → 2026-11-30T23:00',
      'lite 7 token, 2026-10-31T23:00 → 2026-11-30T23:00',
    ])
    const wallets = await query('SELECT DISTINCT member_id FROM wallet WHERE account_id = $1', [account.id])
    expect(wallets).toHaveLength(2)
  })

  it('is given once a month, however often it is asked for at the same time, and whatever the seat was in between', async () => {
    await Promise.all([put(lite('10')), put(lite('10')), put(lite('10')), sweep()])
    await put({ seat: 'pro' })
    await put(lite('10'))
    expect(await readJournal(account.id)).toEqual(['grant 10 credit, Monthly allocation'])
    expect(await readBreaches(account.id, clock.now())).toEqual([])
  })

  it('that is raised gives the difference, one that is lowered counts from next month', async () => {
    await put(lite('10'))
    await put(lite('15'))
    await put(lite('4'))
    expect(await readJournal(account.id)).toEqual([
      'grant 10 credit, Monthly allocation',
      'grant 5 credit, Monthly allocation',
    ])
    await sweep(new Date('2026-11-30T23:00:00Z'))
    expect((await readLots(account.id)).at(-1)).toBe('lite 4 credit, 2026-11-30T23:00 → 2026-12-31T23:00')
  })

  it('is not carried over: next month begins with the allocation alone', async () => {
    await put(lite('10'))
    const due = await liteAllocations.nextDue(account.id)
    expect(due?.toISOString()).toBe('2026-11-30T22:55:00.000Z')
    expect(await liteAllocations.dueAccounts(new Date('2026-11-30T22:54:59Z'), 1_000)).not.toContain(account.id)
    expect(await liteAllocations.dueAccounts(due ?? new Date(), 1_000)).toContain(account.id)
    await Promise.all([sweep(due ?? undefined), sweep(due ?? undefined)])
    clock.advance(new Date('2026-12-01T00:00:00Z').getTime() - clock.now().getTime())
    const answer = await put({ seat: 'lite' })
    expect(answer.wallets).toMatchObject([{ available: '10', next_expiry: { at: '2026-12-31T23:00:00.000Z' } }])
    await put(lite('11'))
    expect(await readJournal(account.id)).toEqual([
      'grant 10 credit, Monthly allocation',
      'grant 10 credit, Monthly allocation',
      'expiry -10 credit, Expired: Monthly allocation',
      'grant 1 credit, Monthly allocation',
    ])
    expect(await readBreaches(account.id, clock.now())).toEqual([])
  })

  it('ends with the seat: what is left stays until it expires, what was given early is taken back', async () => {
    await put(lite('10'))
    clock.advance(new Date('2026-11-30T22:57:00Z').getTime() - clock.now().getTime())
    await sweep()
    expect(await readLots(account.id)).toHaveLength(2)
    const upgraded = await put({ seat: 'pro' })
    expect(upgraded).toMatchObject({ seat: 'pro', lite_allocation: null, wallets: [{ available: '10' }] })
    expect(await readLots(account.id)).toEqual(['lite 10 credit, 2026-10-31T23:00 → 2026-11-30T23:00'])
    expect(await liteAllocations.nextDue(account.id)).toBeNull()
  })

  it('follows a test clock to the very instant, month after month, where a calendar day was skipped', async () => {
    account = await anAccount('Pacific/Apia')
    const stand = (at: string) =>
      query('UPDATE billing_account SET clock_at = $2 WHERE id = $1', [account.id, new Date(at)])
    await stand('2011-12-29T00:00:00Z')
    await put(lite('10'))
    const dues: string[] = []
    for (let month = 0; month < 3; month += 1) {
      const due = await liteAllocations.nextDue(account.id)
      if (due === null) throw new Error('nothing is due')
      dues.push(due.toISOString())
      await stand(due.toISOString())
      await sweep(due)
    }
    expect(dues).toEqual(['2011-12-31T10:00:00.000Z', '2012-01-31T10:00:00.000Z', '2012-02-29T10:00:00.000Z'])
    expect(await readLots(account.id)).toEqual(['lite 10 credit, 2012-02-29T10:00 → 2012-03-31T10:00'])
    expect((await readJournal(account.id)).filter((line) => line.startsWith('grant'))).toHaveLength(4)
  })

  it('reaches every member of an account in one sweep', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `member-${index}`)
    for (const name of names) await put(lite('1'), name)
    await sweep(new Date('2026-11-30T23:00:00Z'))
    const lots = await readLots(account.id)
    expect(lots).toHaveLength(12)
    expect(new Set(lots)).toEqual(new Set(['lite 1 credit, 2026-11-30T23:00 → 2026-12-31T23:00']))
    expect((await liteAllocations.nextDue(account.id))?.toISOString()).toBe('2026-12-31T22:55:00.000Z')
  })

  it('is given whole or not at all when the process dies in between, and then again', async () => {
    await whileInsertsCrash(database.url, 'period_grant', `NEW.source = 'lite'`, async () => {
      await expect(ask(lite('10'))).rejects.toThrow()
    })
    expect(await readJournal(account.id)).toEqual([])
    await put(lite('10'))
    await whileInsertsCrash(database.url, 'period_grant', `NEW.source = 'lite'`, async () => {
      await expect(sweep(new Date('2026-11-30T23:00:00Z'))).rejects.toThrow()
    })
    await sweep(new Date('2026-11-30T23:00:00Z'))
    expect((await readJournal(account.id)).filter((line) => line.startsWith('grant'))).toHaveLength(2)
  })
})
