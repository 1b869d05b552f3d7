import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/auth/rules/actor'
import { readTerms } from '@/lib/db/account-terms'
import { inTransaction, query } from '@/lib/db/pool'
import type { Account } from '@/lib/db/organizations'
import { formatQuantity } from '@/lib/money/quantity'
import { ensureAccount } from '@/lib/organizations/ensure-account'
import { movableClock, type MovableClock } from '@/lib/testing/clock'
import { whileInsertsCrash } from '@/lib/testing/crash'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { readBreaches, readJournal, readLots } from '@/lib/testing/journal'
import { valueOf } from '@/lib/testing/ledger'
import { definePrice } from '@/lib/testing/ledger-factory'
import { createOrganization } from '@/lib/testing/organization'
import { putAsset } from '@/lib/usage/put-asset'

import { changePlan } from './change-plan'
import { planInput, type PlanChangeAnswer } from '../plan-contract'
import { planEntitlements } from './plan-entitlements'
import { listPlans, putPlan } from './put-plan'

const KEY = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' } as const
const LIVE_KEY = { ...KEY, mode: 'live' } as const
const JOB = { kind: 'job', task: 'test' } as const
const MINUTE = 60_000

let database: TestDatabase
let account: Account
let clock: MovableClock

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'rule_run', name: 'Rule run', unit: 'count' }, { model: 'per_unit', unit_price: '0.01' })
  await definePrice({ key: 'gpu_second', name: 'GPU', unit: 'second' }, { model: 'per_unit', unit_price: '0.01' })
  valueOf(await putAsset(KEY, 'token', { name: 'Token', scale: 0 }))
}, 60_000)

afterAll(() => database.drop())

beforeEach(async () => {
  clock = movableClock('2026-11-19T00:00:00Z')
  account = (await createOrganization(clock.now())).account
})

/** Adds a plan that gives these credits, and answers its key. */
async function aPlan(credits: string | null, fields: object = {}): Promise<string> {
  const key = `p-${randomUUID()}`
  await changeDefinition(key, credits, fields)
  return key
}

async function changeDefinition(key: string, credits: string | null, fields: object = {}): Promise<void> {
  const entitlements = credits === null ? [] : [{ asset: 'credit', amount: credits }]
  const input = planInput.parse({ name: 'Pro', monthly_price_cents: 5_000, entitlements, ...fields })
  valueOf(await putPlan(KEY, key, input, clock))
}

async function goOn(
  plan: string | null,
  fields: { anchor_day?: number; isDryRun?: boolean } = {},
): Promise<PlanChangeAnswer> {
  const change = { plan, organization: account.externalId, isDryRun: false, ...fields }
  return valueOf(await changePlan(KEY, change, clock))
}

async function sweep(at = clock.now()): Promise<void> {
  await planEntitlements.work(JOB, account.id, at)
}

describe('plans', () => {
  it('are put and listed per mode, amounts exact', async () => {
    const allowances = [{ meter: 'rule_run', quantity: '1000.50' }]
    const key = await aPlan('12.50', { allowances, seats: 5 })
    const expected = {
      key,
      name: 'Pro',
      monthly_price_cents: 5_000,
      allowances: [{ meter: 'rule_run', quantity: '1000.5' }],
      entitlements: [{ asset: 'credit', amount: '12.5' }],
      seats: 5,
    }
    expect((await listPlans(KEY)).find((plan) => plan.key === key)).toEqual(expected)
    expect(await listPlans(LIVE_KEY)).toEqual([])
  })

  it('are refused by path for what is unknown, named twice, nothing, or too fine', async () => {
    const input = planInput.parse({
      name: 'Pro',
      monthly_price_cents: 0,
      allowances: [
        { meter: 'rule_run', quantity: '1' },
        { meter: 'no_meter', quantity: '1' },
        { meter: 'rule_run', quantity: '0' },
      ],
      entitlements: [
        { asset: 'no_asset', amount: '1' },
        { asset: 'token', amount: '1.5' },
        { asset: 'token', amount: '0' },
      ],
    })
    const refused = await putPlan(KEY, `p-${randomUUID()}`, input, clock)
    if (refused.ok || refused.error.code !== 'invalid_input') throw new Error('the plan was taken')
    expect(refused.error.errors.map(({ path }) => path).sort()).toEqual([
      'allowances.1.meter',
      'allowances.2.meter',
      'allowances.2.quantity',
      'entitlements.0.asset',
      'entitlements.1.amount',
      'entitlements.2.amount',
      'entitlements.2.asset',
    ])
  })

  it('keep the scale of an asset that they give', async () => {
    valueOf(await putAsset(KEY, 'video', { name: 'Video minutes', scale: 2 }))
    await aPlan(null, { entitlements: [{ asset: 'video', amount: '1.25' }] })
    expect(await putAsset(KEY, 'video', { name: 'Video minutes', scale: 0 })).toMatchObject({
      error: { code: 'conflict' },
    })
  })

  it('are not for members to put', async () => {
    const member: Actor = {
      kind: 'user',
      userId: 'x',
      organizationId: account.organizationId,
      role: 'owner',
      seat: 'pro',
    }
    const input = planInput.parse({ name: 'Pro', monthly_price_cents: 0 })
    expect(await putPlan(member as unknown as typeof KEY, 'p', input, clock)).toEqual({
      ok: false,
      error: { code: 'forbidden' },
    })
  })
})

describe('going on a plan', () => {
  it('changes the terms at once: what is covered, and from which day of the month', async () => {
    expect((await readTerms(account.id)).plan).toBeNull()
    const plan = await aPlan(null, { allowances: [{ meter: 'rule_run', quantity: '1000' }] })
    await goOn(plan, { anchor_day: 15 })
    const terms = await readTerms(account.id)
    expect(terms.plan).toMatchObject({ key: plan, anchorDay: 15 })
    expect(formatQuantity(terms.plan?.allowances.get('rule_run') ?? (0n as never))).toBe('1000')
    await changeDefinition(plan, null, { allowances: [{ meter: 'rule_run', quantity: '2000' }] })
    expect(formatQuantity((await readTerms(account.id)).plan?.allowances.get('rule_run') ?? (0n as never))).toBe('2000')
    await goOn(null)
    expect((await readTerms(account.id)).plan).toBeNull()
  })

  it('gives its credits at once, free, until the end of the period', async () => {
    await goOn(await aPlan('100'))
    expect(await readJournal(account.id)).toEqual(['grant 100 credit, Included in Pro'])
    expect(await readLots(account.id)).toEqual(['plan 100 credit, 2026-11-01T00:00 → 2026-12-01T00:00'])
  })

  it('happens once however often it is asked for, one after another and at the same time', async () => {
    const plan = await aPlan('100')
    await Promise.all([goOn(plan), goOn(plan), goOn(plan), sweep(), sweep()])
    await goOn(plan)
    expect(await readJournal(account.id)).toEqual(['grant 100 credit, Included in Pro'])
    expect(await readBreaches(account.id, clock.now())).toEqual([])
  })

  it('with more gives the difference, with less takes nothing back, and coming back gives nothing twice', async () => {
    const small = await aPlan('100')
    const large = await aPlan('150', { name: 'Team' })
    await goOn(small)
    await goOn(large)
    await goOn(small)
    await goOn(null)
    await goOn(large)
    expect(await readJournal(account.id)).toEqual([
      'grant 100 credit, Included in Pro',
      'grant 50 credit, Included in Team',
    ])
  })

  it('is refused for a plan of the other mode, an unknown organization, and a day without a plan', async () => {
    const plan = await aPlan('1')
    const change = { plan, organization: account.externalId, isDryRun: false }
    expect(await changePlan(LIVE_KEY, change, clock)).toMatchObject({ error: { code: 'not_found' } })
    expect(await changePlan(KEY, { ...change, plan: 'no-plan' }, clock)).toMatchObject({
      error: { code: 'invalid_input', errors: [{ path: 'plan' }] },
    })
    expect(await changePlan(KEY, { ...change, plan: null, anchor_day: 3 }, clock)).toMatchObject({
      error: { code: 'invalid_input', errors: [{ path: 'anchor_day' }] },
    })
    const live = await inTransaction((tx) =>
      ensureAccount(
        tx,
        'live',
        { externalId: account.externalId, name: 'Live', email: null, timeZone: 'UTC' },
        clock.now(),
      ),
    )
    expect(live.account.id).not.toBe(account.id)
    expect(await changePlan(LIVE_KEY, change, clock)).toMatchObject({ error: { errors: [{ path: 'plan' }] } })
  })
})

describe('the preview of a change of plan', () => {
  it('says what would change, to the digit, and writes nothing', async () => {
    const starter = await aPlan('100', {
      name: 'Starter',
      monthly_price_cents: 2_000,
      allowances: [{ meter: 'rule_run', quantity: '1000' }],
      seats: 3,
    })
    const pro = await aPlan('250', {
      allowances: [
        { meter: 'rule_run', quantity: '5000' },
        { meter: 'gpu_second', quantity: '60' },
      ],
      entitlements: [
        { asset: 'credit', amount: '250' },
        { asset: 'token', amount: '7' },
      ],
    })
    await goOn(starter)
    await query(
      `INSERT INTO allowance_usage (account_id, meter, period_start, covered, reserved) VALUES ($1, 'rule_run', $2, 1000, 0.5)`,
      [account.id, new Date('2026-11-01T00:00:00Z')],
    )
    const [before] = await query('SELECT * FROM billing_account WHERE id = $1', [account.id])
    const preview = await goOn(pro, { isDryRun: true })
    expect(preview).toEqual({
      organization: expect.stringMatching(/^org_/) as unknown,
      dry_run: true,
      plan: { before: starter, after: pro },
      anchor_day: { before: 1, after: 1 },
      period: { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' },
      next_period_at: '2026-12-01T00:00:00.000Z',
      price: {
        before_cents: 2_000,
        after_cents: 5_000,
        days_left: 12,
        unused_cents: 800,
        remaining_cents: 2_000,
        difference_cents: 1_200,
        sentence: 'Pro costs $50 a month, Starter $20. For the 12 days left of this period that is $12 more.',
      },
      seats: { before: 3, after: null, used: 0 },
      allowances: [
        { meter: 'rule_run', before: '1000', after: '5000', used: '1000.5', left: '3999.5' },
        { meter: 'gpu_second', before: '0', after: '60', used: '0', left: '60' },
      ],
      entitlements: [
        { asset: 'credit', before: '100', after: '250', granted: '100', now: '150', next_period: '250' },
        { asset: 'token', before: '0', after: '7', granted: '0', now: '7', next_period: '7' },
      ],
    })
    expect(await query('SELECT * FROM billing_account WHERE id = $1', [account.id])).toEqual([before])
    expect(await readJournal(account.id)).toHaveLength(1)
    expect(await goOn(pro)).toEqual({ ...preview, dry_run: false })
    expect(await readJournal(account.id)).toEqual([
      'grant 100 credit, Included in Starter',
      'grant 150 credit, Included in Pro',
      'grant 7 token, Included in Pro',
    ])
    expect((await goOn(pro, { isDryRun: true })).entitlements).toMatchObject([
      { granted: '250', now: '0' },
      { granted: '7', now: '0' },
    ])
  })

  it('of leaving says what ends and that no period follows', async () => {
    await goOn(await aPlan('100'))
    expect(await goOn(null, { isDryRun: true })).toMatchObject({
      plan: { after: null },
      period: null,
      next_period_at: null,
      price: { difference_cents: -2_000 },
      entitlements: [{ before: '100', after: '0', granted: '100', now: '0', next_period: '0' }],
    })
  })
})

describe('the entitlements of a plan in the course of time', () => {
  it('are there before the period begins, upcoming until then, and once, however many sweeps meet', async () => {
    await goOn(await aPlan('100'))
    const due = await planEntitlements.nextDue(account.id)
    expect(due?.toISOString()).toBe('2026-11-30T23:55:00.000Z')
    expect(await planEntitlements.dueAccounts(new Date('2026-11-30T23:54:59Z'), 1_000)).not.toContain(account.id)
    expect(await planEntitlements.dueAccounts(new Date('2026-11-30T23:55:00Z'), 1_000)).toContain(account.id)
    await Promise.all([sweep(due ?? undefined), sweep(due ?? undefined), sweep(new Date('2026-11-30T23:57:00Z'))])
    expect(await readLots(account.id)).toEqual([
      'plan 100 credit, 2026-11-01T00:00 → 2026-12-01T00:00',
      'plan 100 credit, 2026-12-01T00:00 → 2027-01-01T00:00',
    ])
    expect((await planEntitlements.nextDue(account.id))?.toISOString()).toBe('2026-12-31T23:55:00.000Z')
    await sweep(new Date('2026-12-01T00:00:00Z'))
    expect((await readJournal(account.id)).filter((line) => line.startsWith('grant'))).toHaveLength(2)
    expect(await readBreaches(account.id, new Date('2026-12-01T00:00:00Z'))).toEqual([])
  })

  it('come at the very instant of a test clock', async () => {
    await query('UPDATE billing_account SET clock_at = $2 WHERE id = $1', [
      account.id,
      new Date('2026-11-19T00:00:00Z'),
    ])
    await goOn(await aPlan('100'), { anchor_day: 31 })
    expect((await planEntitlements.nextDue(account.id))?.toISOString()).toBe('2026-11-30T00:00:00.000Z')
    await query('UPDATE billing_account SET clock_at = $2 WHERE id = $1', [
      account.id,
      new Date('2026-11-30T00:00:00Z'),
    ])
    expect(await planEntitlements.dueAccounts(new Date('2020-01-01T00:00:00Z'), 1_000)).toContain(account.id)
    await sweep(new Date('2026-11-30T00:00:00Z'))
    expect((await planEntitlements.nextDue(account.id))?.toISOString()).toBe('2026-12-31T00:00:00.000Z')
    expect(await readLots(account.id)).toEqual(['plan 100 credit, 2026-11-30T00:00 → 2026-12-31T00:00'])
  })

  it('that were given early are taken back when the plan is left before the period begins', async () => {
    await goOn(await aPlan('100'))
    clock.advance(new Date('2026-11-30T23:57:00Z').getTime() - clock.now().getTime())
    await sweep()
    clock.advance(MINUTE)
    await goOn(null)
    expect(await readJournal(account.id)).toEqual([
      'grant 100 credit, Included in Pro',
      'grant 100 credit, Included in Pro',
      'reversal -100 credit, Taken back before it began: Included in Pro',
    ])
    expect(await planEntitlements.nextDue(account.id)).toBeNull()
    await goOn(await aPlan('40', { name: 'Small' }))
    expect(await readLots(account.id)).toEqual([
      'plan 100 credit, 2026-11-01T00:00 → 2026-12-01T00:00',
      'plan 40 credit, 2026-12-01T00:00 → 2027-01-01T00:00',
    ])
    expect(await readBreaches(account.id, clock.now())).toEqual([])
  })

  it('grow for those who are on the plan when it is made larger, at the next look', async () => {
    const plan = await aPlan('100')
    await goOn(plan)
    await changeDefinition(plan, '130')
    expect((await planEntitlements.nextDue(account.id))?.getTime()).toBeLessThanOrEqual(clock.now().getTime())
    await sweep()
    await changeDefinition(plan, '10')
    await sweep()
    expect(await readJournal(account.id)).toEqual([
      'grant 100 credit, Included in Pro',
      'grant 30 credit, Included in Pro',
    ])
  })

  it('are those of the plan as it stands, whoever comes first: the account that goes on it, or the plan that is made larger', async () => {
    const plan = await aPlan('100', { allowances: [{ meter: 'rule_run', quantity: '1' }] })
    const larger = { allowances: [{ meter: 'rule_run', quantity: '2' }] }
    await Promise.all([goOn(plan), changeDefinition(plan, '130', larger), goOn(plan), sweep()])
    await sweep()
    const given = (await readLots(account.id)).map((line) => line.split(' ')[1])
    expect(given.reduce((sum, size) => sum + parseInt(size ?? '0', 10), 0)).toBe(130)
    expect(formatQuantity((await readTerms(account.id)).plan?.allowances.get('rule_run') ?? (0n as never))).toBe('2')
    expect(await readBreaches(account.id, clock.now())).toEqual([])
  })

  it('repay debt first, and count whole all the same', async () => {
    await goOn(await aPlan(null))
    await query(
      `INSERT INTO wallet (account_id, id, asset_code, scale, balance, debt, last_sequence, last_hash, created_at)
       VALUES ($1, $2, 'credit', 9, -30000000000, 30000000000, 0, $3, $4)`,
      [account.id, randomUUID(), '0'.repeat(64), clock.now()],
    )
    await goOn(await aPlan('100'))
    expect(await readLots(account.id)).toEqual(['plan 70 credit, 2026-11-01T00:00 → 2026-12-01T00:00'])
    await sweep()
    await goOn(await aPlan('100', { name: 'Other' }))
    expect(await readJournal(account.id)).toEqual(['grant 100 credit, Included in Pro'])
  })

  it('are written whole or not at all when the process dies in between', async () => {
    const plan = await aPlan('100', {
      entitlements: [
        { asset: 'credit', amount: '100' },
        { asset: 'token', amount: '5' },
      ],
    })
    await whileInsertsCrash(database.url, 'period_grant', `NEW.asset_code = 'token'`, async () => {
      await expect(goOn(plan)).rejects.toThrow()
    })
    expect((await readTerms(account.id)).plan).toBeNull()
    expect(await readJournal(account.id)).toEqual([])
    await goOn(plan)
    expect(await readJournal(account.id)).toEqual([
      'grant 100 credit, Included in Pro',
      'grant 5 token, Included in Pro',
    ])
  })
})
