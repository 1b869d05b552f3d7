import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

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

import { contractPackages } from './contract-packages'
import { contractInput, type ContractAnswer } from '../package-contract'
import { putContractTerms } from './put-contract-terms'
import { readContractTerms } from './read-contract-terms'

const KEY = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' } as const
const LIVE_KEY = { ...KEY, mode: 'live' } as const
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
  const details = { externalId: `test-${randomUUID()}`, name: 'Test', email: null, timeZone: 'America/New_York' }
  account = (await inTransaction((tx) => ensureAccount(tx, 'test', details, clock.now()))).account
})

const TERMS = { starts_on: '2026-03-15', ends_on: '2029-03-14', package: { asset: 'credit', amount: '900' } }

function ask(fields: object = {}) {
  return putContractTerms(KEY, account.externalId, contractInput.parse({ ...TERMS, ...fields }), clock)
}

async function agree(fields: object = {}): Promise<ContractAnswer> {
  return valueOf(await ask(fields))
}

function moveTo(at: string): void {
  clock.advance(new Date(at).getTime() - clock.now().getTime())
}

async function sweep(at = clock.now()): Promise<void> {
  await contractPackages.work(JOB, account.id, at)
}

describe('a contract', () => {
  it('brings the package of the year that runs at once, and answers the same when it is put or read again', async () => {
    const agreed = await agree({ package: { asset: 'credit', amount: '900.50' }, price_cents: 80_000 })
    expect(agreed).toEqual({
      organization: expect.stringMatching(/^org_/) as unknown,
      starts_on: '2026-03-15',
      ends_on: '2029-03-14',
      package: { asset: 'credit', amount: '900.5' },
      price_cents: 80_000,
      status: 'running',
      ends_at: '2029-03-15T04:00:00.000Z',
      year: { from: '2026-03-15T04:00:00.000Z', to: '2027-03-15T04:00:00.000Z', granted: '900.5' },
      next_package_at: '2027-03-15T04:00:00.000Z',
    })
    expect(await agree({ package: { asset: 'credit', amount: '900.5' }, price_cents: 80_000 })).toEqual(agreed)
    expect(await readContractTerms(KEY, account.externalId, clock)).toEqual({ ok: true, value: agreed })
    expect(await readJournal(account.id)).toEqual(['grant 900.5 credit, Contract package'])
    expect(await readLots(account.id)).toEqual(['contract 900.5 credit, 2026-03-15T04:00 → 2027-03-15T04:00'])
    const [grant] = await query('SELECT cost_basis_cents FROM credit_grant WHERE account_id = $1', [account.id])
    expect(grant).toEqual({ cost_basis_cents: 80_000n })
  })

  it('resets at the end of its year and nothing is carried over, to its last year and not beyond', async () => {
    await query('UPDATE billing_account SET clock_at = $2 WHERE id = $1', [account.id, clock.now()])
    await agree()
    const dues: string[] = []
    for (let due = await contractPackages.nextDue(account.id); due !== null;) {
      dues.push(due.toISOString())
      await query('UPDATE billing_account SET clock_at = $2 WHERE id = $1', [account.id, due])
      expect(await contractPackages.dueAccounts(new Date(0), 1_000)).toContain(account.id)
      await sweep(due)
      due = await contractPackages.nextDue(account.id)
    }
    expect(dues).toEqual(['2027-03-15T04:00:00.000Z', '2028-03-15T04:00:00.000Z'])
    expect(await readJournal(account.id)).toEqual([
      'grant 900 credit, Contract package',
      'expiry -900 credit, Expired: Contract package',
      'grant 900 credit, Contract package',
      'expiry -900 credit, Expired: Contract package',
      'grant 900 credit, Contract package',
    ])
    expect(await readLots(account.id)).toEqual(['contract 900 credit, 2028-03-15T04:00 → 2029-03-15T04:00'])
  })

  it('is granted once a year however many sweeps and calls meet, a few minutes early in real time', async () => {
    await Promise.all([agree(), agree(), agree()])
    const due = await contractPackages.nextDue(account.id)
    expect(due?.toISOString()).toBe('2027-03-15T03:55:00.000Z')
    moveTo('2027-03-15T03:55:00Z')
    expect(await contractPackages.dueAccounts(clock.now(), 1_000)).toContain(account.id)
    await Promise.all([sweep(), sweep(), agree(), sweep()])
    expect(await readLots(account.id)).toEqual([
      'contract 900 credit, 2026-03-15T04:00 → 2027-03-15T04:00',
      'contract 900 credit, 2027-03-15T04:00 → 2028-03-15T04:00',
    ])
    expect(await readBreaches(account.id, clock.now())).toEqual([])
  })

  it('that is changed while it runs leaves the year that has begun, and changes those to come', async () => {
    await agree()
    await agree({ package: { asset: 'credit', amount: '1200' }, ends_on: '2028-03-14' })
    expect(await readJournal(account.id)).toEqual(['grant 900 credit, Contract package'])
    moveTo('2027-03-15T03:57:00Z')
    await sweep()
    const changed = await agree({ package: { asset: 'token', amount: '7' }, ends_on: '2028-03-14' })
    expect(await readJournal(account.id)).toEqual([
      'grant 900 credit, Contract package',
      'grant 1200 credit, Contract package',
      'reversal -1200 credit, Taken back before it began: Contract package',
      'grant 7 token, Contract package',
    ])
    expect(changed).toMatchObject({ year: { granted: '0' }, next_package_at: '2027-03-15T04:00:00.000Z' })
    moveTo('2027-03-15T04:00:00Z')
    expect(await agree({ package: { asset: 'credit', amount: '900' }, ends_on: '2028-03-14' })).toMatchObject({
      next_package_at: null,
    })
    expect(await readLots(account.id)).toEqual([
      'contract 900 credit, 2026-03-15T04:00 → 2027-03-15T04:00',
      'contract 7 token, 2027-03-15T04:00 → 2028-03-15T04:00',
    ])
  })

  it('that is made longer within its year gives no second package in that year, which ends when it was to end', async () => {
    const setClock = (at: Date) => query('UPDATE billing_account SET clock_at = $2 WHERE id = $1', [account.id, at])
    await setClock(clock.now())
    const days = { starts_on: '2026-11-01', ends_on: '2026-11-30' }
    await agree(days)
    const longer = await agree({ ...days, ends_on: '2027-12-31' })
    expect(longer).toMatchObject({ year: { granted: '900' }, next_package_at: '2027-11-01T04:00:00.000Z' })
    const seen: string[] = []
    for (let due = await contractPackages.nextDue(account.id); due !== null;) {
      seen.push(due.toISOString())
      await setClock(due)
      await sweep(due)
      expect(valueOf(await readContractTerms(KEY, account.externalId, clock)).year?.granted).toBe('900')
      await agree({ ...days, ends_on: '2027-12-31' })
      due = await contractPackages.nextDue(account.id)
    }
    expect(seen).toEqual(['2026-12-01T05:00:00.000Z', '2027-11-01T04:00:00.000Z'])
    expect((await readJournal(account.id)).filter((line) => line.startsWith('grant'))).toHaveLength(2)
    expect(await readLots(account.id)).toEqual(['contract 900 credit, 2027-11-01T04:00 → 2028-01-01T05:00'])
  })

  it('that is to begin waits for its first day, and may move until then', async () => {
    const later = { starts_on: '2027-01-01', ends_on: '2027-12-31' }
    expect(await agree(later)).toMatchObject({
      status: 'upcoming',
      year: null,
      next_package_at: '2027-01-01T05:00:00.000Z',
    })
    expect(await readJournal(account.id)).toEqual([])
    await agree({ starts_on: '2026-12-01', ends_on: '2027-11-30' })
    expect((await contractPackages.nextDue(account.id))?.toISOString()).toBe('2026-12-01T04:55:00.000Z')
    await sweep(new Date('2026-12-01T04:55:00Z'))
    expect(await readLots(account.id)).toEqual(['contract 900 credit, 2026-12-01T05:00 → 2027-12-01T05:00'])
  })

  it('may follow one that is over', async () => {
    await agree({ starts_on: '2026-11-18', ends_on: '2026-11-30' })
    moveTo('2026-12-02T00:00:00Z')
    expect(await readContractTerms(KEY, account.externalId, clock)).toMatchObject({
      value: { status: 'ended', year: null, next_package_at: null },
    })
    await agree({ starts_on: '2026-12-01', ends_on: '2027-11-30' })
    expect((await readJournal(account.id)).filter((line) => line.startsWith('grant'))).toHaveLength(2)
  })

  it('is refused by field where it makes no sense', async () => {
    const refusals: readonly (readonly [object, string])[] = [
      [{ ends_on: '2026-03-14' }, 'ends_on'],
      [{ ends_on: '2027-03-15' }, 'ends_on'],
      [{ starts_on: '2020-01-01', ends_on: '2025-12-31' }, 'ends_on'],
      [{ package: { asset: 'no_asset', amount: '1' } }, 'package.asset'],
      [{ package: { asset: 'token', amount: '1.5' } }, 'package.amount'],
      [{ package: { asset: 'token', amount: '0' } }, 'package.amount'],
    ]
    for (const [fields, path] of refusals) {
      expect(await ask(fields)).toMatchObject({ error: { code: 'invalid_input', errors: [{ path }] } })
    }
    expect(await readContractTerms(KEY, account.externalId, clock)).toEqual({
      ok: false,
      error: { code: 'not_found', what: 'contract' },
    })
    await agree()
    expect(await ask({ starts_on: '2026-04-01' })).toMatchObject({ error: { errors: [{ path: 'starts_on' }] } })
    for (const field of ['starts_on', 'ends_on']) {
      for (const day of ['2026-02-30', '1999-12-31', '2026-03-15T00:00:00Z', 7]) {
        expect(contractInput.safeParse({ ...TERMS, [field]: day }).success).toBe(false)
      }
    }
  })

  it('of an organization of the other mode does not exist, and no member makes one', async () => {
    await agree()
    const input = contractInput.parse(TERMS)
    expect(await putContractTerms(LIVE_KEY, account.externalId, input, clock)).toMatchObject({
      error: { code: 'not_found', what: 'organization' },
    })
    expect(await readContractTerms(LIVE_KEY, account.externalId, clock)).toMatchObject({ error: { code: 'not_found' } })
    const owner = { kind: 'user', userId: 'x', organizationId: account.organizationId, role: 'owner', seat: 'pro' }
    const asOwner = { ...owner, mode: 'test' } as unknown as typeof KEY
    expect(await putContractTerms(asOwner, account.externalId, input, clock)).toMatchObject({
      error: { code: 'forbidden' },
    })
  })

  it('is written whole or not at all when the process dies in between', async () => {
    await whileInsertsCrash(database.url, 'period_grant', `NEW.source = 'contract'`, async () => {
      await expect(ask()).rejects.toThrow()
    })
    expect(await readContractTerms(KEY, account.externalId, clock)).toMatchObject({ error: { what: 'contract' } })
    expect(await readJournal(account.id)).toEqual([])
    await agree()
    expect(await readJournal(account.id)).toEqual(['grant 900 credit, Contract package'])
  })
})
