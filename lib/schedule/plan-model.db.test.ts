import { randomUUID } from 'node:crypto'

import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { changePlan } from '@/lib/billing/periods/change-plan'
import { planInput } from '@/lib/billing/plan-contract'
import { putPlan } from '@/lib/billing/periods/put-plan'
import { readBooks } from '@/lib/db/books'
import type { Account } from '@/lib/db/organizations'
import { inTransaction } from '@/lib/db/pool'
import { summarize } from '@/lib/ledger/balance'
import { formatAmount } from '@/lib/money/amount'
import { ensureAccount } from '@/lib/organizations/ensure-account'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { readBreaches } from '@/lib/testing/journal'
import { valueOf } from '@/lib/testing/ledger'
import { definePrice } from '@/lib/testing/ledger-factory'
import { toUsageEvent, usageEventInput } from '@/lib/usage/contract'
import { recordUsage } from '@/lib/usage/record-usage'
import { periodOf } from '@/lib/usage/rules/period'

import { advanceTestClock } from './advance-test-clock'

const KEY = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' } as const
const START = new Date('2027-01-10T12:00:00Z')
const DAY_MS = 86_400_000
const real = { now: () => START }

/** What each plan gives and covers a month; the first is no plan. */
const PLANS = [
  { key: null, gives: 0, covers: 0 },
  { key: 'small', gives: 10, covers: 3 },
  { key: 'large', gives: 25, covers: 3 },
  { key: 'wide', gives: 10, covers: 8 },
] as const

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'run', name: 'Run', unit: 'count' }, { model: 'per_unit', unit_price: '1' })
  for (const { key, gives, covers } of PLANS) {
    if (key === null) continue
    const input = planInput.parse({
      name: key,
      monthly_price_cents: 0,
      allowances: [{ meter: 'run', quantity: covers }],
      entitlements: [{ asset: 'credit', amount: gives }],
    })
    valueOf(await putPlan(KEY, key, input, real))
  }
}, 60_000)

afterAll(() => database.drop())

type Step =
  | { readonly do: 'go'; readonly plan: (typeof PLANS)[number] }
  | { readonly do: 'use'; readonly quantity: number }
  | { readonly do: 'wait'; readonly days: number }

/** The naive reference: one lot a month, a list of what was covered, and time that moves a day at a time. */
class NaivePlan {
  private now = START
  private plan: (typeof PLANS)[number] = PLANS[0]
  private lots: { remaining: number; readonly end: number }[] = []
  private readonly given = new Map<number, number>()
  private readonly covered = new Map<number, number>()

  constructor(private readonly zone: string) {}

  go(plan: (typeof PLANS)[number]): void {
    this.plan = plan
    this.give()
  }

  /** Whether it is accepted. */
  use(quantity: number): boolean {
    const { start } = this.period()
    const covered = this.covered.get(start.getTime()) ?? 0
    const free = Math.min(quantity, Math.max(0, this.plan.covers - covered))
    let rest = quantity - free
    if (rest > this.available()) return false
    this.covered.set(start.getTime(), covered + free)
    for (const lot of this.lots) {
      const part = Math.min(rest, lot.remaining)
      lot.remaining -= part
      rest -= part
    }
    return true
  }

  wait(days: number): Date {
    const to = this.now.getTime() + days * DAY_MS
    for (let end = this.period().end; end.getTime() <= to; end = this.period().end) {
      this.now = end
      this.lots = this.lots.filter((lot) => lot.end > end.getTime())
      this.give()
    }
    this.now = new Date(to)
    return this.now
  }

  available(): number {
    return this.lots.reduce((sum, { remaining }) => sum + remaining, 0)
  }

  private give(): void {
    const { start, end } = this.period()
    const given = this.given.get(start.getTime()) ?? 0
    const missing = Math.max(0, this.plan.gives - given)
    if (missing > 0) this.lots.push({ remaining: missing, end: end.getTime() })
    this.given.set(start.getTime(), given + missing)
  }

  private period() {
    return periodOf(this.now, this.zone, 1, 'month')
  }
}

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(...PLANS).map((plan): Step => ({ do: 'go', plan })),
  fc.integer({ min: 1, max: 14 }).map((quantity): Step => ({ do: 'use', quantity })),
  fc.integer({ min: 1, max: 70 }).map((days): Step => ({ do: 'wait', days })),
)

async function anAccount(timeZone: string): Promise<Account> {
  const details = { externalId: `test-${randomUUID()}`, name: 'Test', email: null, timeZone }
  return (await inTransaction((tx) => ensureAccount(tx, 'test', details, START))).account
}

async function use(account: Account, quantity: number): Promise<boolean> {
  const fields = { id: randomUUID(), organization: account.externalId, meter: 'run', quantity }
  const outcomes = valueOf(await recordUsage(KEY, account, [toUsageEvent(usageEventInput.parse(fields))], real))
  return outcomes[0]?.ok === true
}

async function availableOf(account: Account, at: Date): Promise<string> {
  const [book] = await readBooks(account.id)
  return book === undefined ? '0' : formatAmount(summarize(book, at).available, book.wallet.scale)
}

it('plans, usage and time in any order leave what a naive model leaves, month after month', async () => {
  const zones = fc.constantFrom('UTC', 'America/New_York', 'Pacific/Apia')
  await fc.assert(
    fc.asyncProperty(zones, fc.array(steps, { minLength: 3, maxLength: 14 }), async (zone, taken) => {
      const account = await anAccount(zone)
      const model = new NaivePlan(zone)
      let now = START
      const advance = (to: Date) => advanceTestClock(KEY, account.externalId, { to: to.toISOString() }, real)
      now = model.wait(1)
      valueOf(await advance(now))
      for (const step of taken) {
        if (step.do === 'go') {
          const change = { plan: step.plan.key, organization: account.externalId, isDryRun: false }
          valueOf(await changePlan(KEY, change, real))
          model.go(step.plan)
        } else if (step.do === 'use') {
          expect(await use(account, step.quantity)).toBe(model.use(step.quantity))
        } else {
          now = model.wait(step.days)
          valueOf(await advance(now))
        }
        expect(await availableOf(account, now)).toBe(model.available().toString())
      }
      expect(await readBreaches(account.id, now)).toEqual([])
    }),
    { numRuns: 25 },
  )
})
