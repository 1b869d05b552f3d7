import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Account } from '@/lib/db/organizations'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { definePrice, giveCredit, useMeter } from '@/lib/testing/ledger-factory'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'
import { readerOf } from '@/lib/testing/reader'

import { readOverview } from './read-overview'
import { readShell } from './read-shell'

const NOW = new Date('2026-11-23T12:00:00Z')
const clock = { now: () => NOW }
const daysAgo = (count: number) => new Date(NOW.getTime() - count * 86_400_000)

let database: TestDatabase
let org: TestOrganization
let account: Account

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'run', name: 'Rule run', unit: 'count' }, { model: 'per_unit', unit_price: '1' })
})
afterAll(() => database.drop())
beforeEach(async () => {
  org = await createOrganization(NOW)
  account = org.account
})

async function read(reader = readerOf(account, org.owner)) {
  const overview = await readOverview(reader, 'https://billing.test', clock)
  if (!overview.ok) throw new Error(overview.error.code)
  return overview.value
}

/** One use a day of that many credits, from that many days ago until now. */
async function useDaily(quantity: string, days: number, fields: Record<string, string> = {}) {
  for (let day = days; day >= 0; day -= 1) {
    await useMeter(account, daysAgo(day), [{ meter: 'run', quantity, ...fields }])
  }
}

async function asOwnerOfTheDatabase(statement: string) {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

describe('the overview', () => {
  it('goes by the test clock of the account', async () => {
    const clockAt = new Date('2027-02-10T12:00:00Z')
    await giveCredit(account.id, { amount: '5', at: NOW, expiresAt: new Date('2027-02-01T00:00:00Z') })
    await giveCredit(account.id, { amount: '7', at: NOW, effectiveAt: new Date('2027-02-05T00:00:00Z') })
    expect(await read()).toMatchObject({ now: NOW.toISOString(), balance: { available: '5' } })
    const reader = readerOf({ ...account, clockAt }, org.owner)
    expect(await read(reader)).toMatchObject({ now: clockAt.toISOString(), balance: { available: '7' } })
    const person = { ...reader, name: 'Ada', email: 'ada@test.dev', role: 'owner', seat: 'pro' } as const
    expect(await readShell(person, [], clock)).toMatchObject({ balance: { available: '7' } })
  })

  it('of a brand-new account has zeros, nothing projected, and what to do next', async () => {
    const overview = await read()
    expect(overview).toMatchObject({
      balance: { balance: '0', available: '0', debt: '0', asset: { code: 'credit' } },
      band: 'zero',
      spentThisMonth: '0',
      spentSameDaysLastMonth: null,
      projection: null,
      runway: null,
      hasUsage: false,
      setup: { hasCredits: false, hasCard: false, hasKey: false, hasEvent: false },
      lots: { ok: true, value: [] },
      recentActivity: { ok: true, value: [] },
      topCosts: { ok: true, value: [] },
    })
    expect(overview.setup.curl).toContain(`"organization":"${account.externalId}"`)
    expect(overview.setup.curl).toContain("curl 'https://billing.test/api/v1/usage'")
  })

  it('adds up the month, projects its end and says how long the balance lasts', async () => {
    await giveCredit(account.id, { amount: '130', at: daysAgo(40) })
    await useDaily('2', 9)
    const overview = await read()
    expect(overview).toMatchObject({
      balance: { balance: '110' },
      band: 'ok',
      spentThisMonth: '20',
      projection: { low: '34', expected: '34', high: '34', basisDays: 7 },
      runway: { days: 55, lowDays: 55, highDays: 55, daysWithoutExpiry: 55, averagePerDay: '2' },
      hasUsage: true,
    })
    const days = overview.dailySpend.ok ? overview.dailySpend.value : []
    expect(days).toHaveLength(30 + 7)
    expect(days.at(29)).toEqual({ day: '2026-11-23', amount: '2', kind: 'partial' })
    expect(days.at(28)).toEqual({ day: '2026-11-22', amount: '2', kind: 'actual' })
    expect(days.at(36)).toEqual({ day: '2026-11-30', amount: '2', kind: 'projected' })
  })

  it('begins days and months where the account does', async () => {
    org = await createOrganization(NOW, 'Asia/Kolkata')
    account = org.account
    await giveCredit(account.id, { amount: '100', at: daysAgo(40) })
    // In Kolkata the first of November began at 18:30 UTC on the last of October.
    await useMeter(account, new Date('2026-10-31T18:29:59Z'), [{ meter: 'run', quantity: '3' }])
    await useMeter(account, new Date('2026-10-31T18:30:00Z'), [{ meter: 'run', quantity: '5' }])
    const overview = await read()
    expect(overview.spentThisMonth).toBe('5')
    expect(overview.spentSameDaysLastMonth).toBeNull()
  })

  it('compares with the same days of last month', async () => {
    await giveCredit(account.id, { amount: '100', at: daysAgo(60) })
    for (const day of ['2026-10-23', '2026-10-24', '2026-11-02']) {
      await useMeter(account, new Date(`${day}T12:00:00Z`), [{ meter: 'run', quantity: '4' }])
    }
    expect(await read()).toMatchObject({ spentThisMonth: '4', spentSameDaysLastMonth: '4' })
  })

  it('lists lots by expiry with what will expire unused', async () => {
    await giveCredit(account.id, { amount: '200', at: daysAgo(40), kind: 'purchase' })
    const inTenDays = new Date(NOW.getTime() + 10 * 86_400_000)
    await giveCredit(account.id, {
      amount: '50',
      at: daysAgo(0.5),
      source: 'promo',
      purpose: 'Launch',
      expiresAt: inTenDays,
    })
    await useDaily('2', 7)
    const { lots, runway } = await read()
    expect(lots).toMatchObject({
      value: [
        {
          kind: 'promo',
          label: 'Launch',
          amount: '50',
          remaining: '48',
          forecastUnused: '28',
          expiresAt: inTenDays.toISOString(),
        },
        { kind: 'paid', label: 'paid', remaining: '186', forecastUnused: '0', expiresAt: null },
      ],
    })
    expect(runway).toMatchObject({ days: 103, daysWithoutExpiry: 117 })
  })

  it('counts on scoped credit only for the usage that may spend it', async () => {
    await giveCredit(account.id, { amount: '70', at: daysAgo(40) })
    await giveCredit(account.id, { amount: '40', at: daysAgo(0.1), scope: { models: ['embed'] } })
    await useDaily('1', 7, { model: 'chat' })
    await useDaily('1', 7, { model: 'embed' })
    const { runway, lots } = await read()
    // 70 − 15 are left for anything: one a day for chat from now on, while embeddings live on their own credit for 39 days first.
    expect(runway?.days).toBe(47)
    expect(lots.ok && lots.value[0]?.restrictedTo).toBe('embed only')
  })

  it('says what cost most this month, and in which share', async () => {
    await giveCredit(account.id, { amount: '100', at: daysAgo(10) })
    await useMeter(account, daysAgo(2), [
      { meter: 'run', quantity: '6', resource: 'prod', model: 'chat' },
      { meter: 'run', quantity: '3', model: 'embed' },
      { meter: 'run', quantity: '2' },
      { meter: 'run', quantity: '1', resource: 'dev' },
    ])
    expect((await read()).topCosts).toEqual({
      ok: true,
      value: [
        { label: 'prod', amount: '6', sharePercent: '50' },
        { label: 'embed', amount: '3', sharePercent: '25' },
        { label: 'Rule run', amount: '2', sharePercent: '16.7' },
      ],
    })
  })

  it('shows the six newest entries', async () => {
    await giveCredit(account.id, { amount: '100', at: daysAgo(10) })
    await useDaily('1', 7)
    const { recentActivity } = await read()
    const rows = recentActivity.ok ? recentActivity.value : []
    expect(rows).toHaveLength(6)
    expect(rows[0]?.occurredAt).toBe(NOW.toISOString())
  })

  it('keeps all other cards when one cannot be read', async () => {
    await giveCredit(account.id, { amount: '100', at: daysAgo(10) })
    await asOwnerOfTheDatabase('REVOKE SELECT ON entry FROM purser_app')
    try {
      const overview = await read()
      expect(overview.recentActivity).toEqual({ ok: false })
      expect(overview).toMatchObject({ balance: { balance: '100' }, lots: { ok: true }, topCosts: { ok: true } })
    } finally {
      await asOwnerOfTheDatabase('GRANT SELECT ON entry TO purser_app')
    }
  })

  it('shows a Lite member nothing of the pool and refuses somebody of another organization', async () => {
    await giveCredit(account.id, { amount: '100', at: daysAgo(10) })
    await useDaily('1', 4)
    const lite = await read(readerOf(account, { ...org.member, seat: 'lite' }))
    expect(lite).toMatchObject({ balance: { balance: '0' }, recentActivity: { value: [] }, rights: { canBuy: false } })
    expect(lite).toMatchObject({ hasUsage: false, setup: { hasCredits: false } })
    const other = await createOrganization(NOW)
    const refused = await readOverview(readerOf(account, other.owner), 'https://billing.test', clock)
    expect(refused).toMatchObject({ error: { code: 'forbidden' } })
  })
})

describe('the frame around the pages', () => {
  it('carries the balance, the runway and the organizations of the viewer', async () => {
    await giveCredit(account.id, { amount: '30', at: daysAgo(10) })
    await useDaily('2', 4)
    const viewer = {
      ...readerOf(account, org.member),
      name: 'Mia',
      email: 'mia@test.dev',
      role: 'member',
      seat: 'pro',
    } as const
    const organizations = [{ slug: account.slug, name: account.name, role: 'member', seat: 'lite' }] as const
    expect(await readShell(viewer, organizations, clock)).toMatchObject({
      balance: { balance: '20' },
      runwayDays: 10,
      canBuy: false,
      viewer: { name: 'Mia', roleLabel: 'Member' },
      organizations: [{ role: 'Lite member' }],
    })
  })
})
