import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { saveCard } from '@/lib/db/cards'
import type { Account } from '@/lib/db/organizations'
import { closePool, inTransaction, query } from '@/lib/db/pool'
import { movableClock } from '@/lib/testing/clock'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { readBreaches } from '@/lib/testing/journal'
import { valueOf } from '@/lib/testing/ledger'
import { definePrice, giveCredit, useMeter } from '@/lib/testing/ledger-factory'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'
import { putLimit } from '@/lib/usage/put-limit'

import { changePlan } from './periods/change-plan'
import { decideCharge } from './charges/decide-charge'
import { planEntitlements } from './periods/plan-entitlements'
import { planInput } from './plan-contract'
import { putPlan } from './periods/put-plan'
import { setRecharge } from './charges/set-recharge'
import { stopRecharge } from './charges/stop-recharge'

const KEY = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' } as const
const JOB = { kind: 'job', task: 'test' } as const
const ROUNDS = 40

const clock = movableClock('2026-11-19T00:00:00Z')
let database: TestDatabase
let org: TestOrganization
let account: Account

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'run', name: 'Run', unit: 'count' }, { model: 'per_unit', unit_price: '0.01' })
  org = await createOrganization(clock.now())
  account = org.account
  const card = { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2034, fingerprint: null }
  await inTransaction((tx) => saveCard(tx, account.id, { ...card, stripePaymentMethodId: 'pm_test' }, clock.now()))
  await giveCredit(account.id, { amount: '100', at: clock.now() })
  const input = { name: 'Pro', monthly_price_cents: 0, allowances: [{ meter: 'run', quantity: '9' }] }
  valueOf(await putPlan(KEY, 'pro', planInput.parse(input), clock))
}, 60_000)

afterAll(() => database.drop())

/** Counted when a connection ends: so they are ended first. */
async function deadlocks(): Promise<unknown> {
  await closePool()
  return (await query('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'))[0]?.['deadlocks']
}

function move(round: number) {
  const change = { plan: 'pro', anchor_day: (round % 28) + 1, organization: account.externalId, isDryRun: false }
  return changePlan(KEY, change, clock)
}

function limit(round: number) {
  const input = {
    scope: 'member',
    subject: `m${round}`,
    asset: 'credit',
    amount: '9',
    period: 'day',
    mode: 'block',
  } as const
  return putLimit(KEY, account.externalId, randomUUID(), input, clock)
}

/** Below the balance, so that nothing is charged. */
function recharge(threshold: string) {
  return setRecharge(org.owner, account, { threshold, size: '1000' }, clock)
}

it('plans, limits, recharges, charges and usage of one account at the same time never wait for each other in a circle', async () => {
  const before = await deadlocks()
  for (let round = 0; round < ROUNDS; round += 1) {
    const answers = await Promise.all([
      move(round),
      recharge('20'),
      limit(round),
      inTransaction((tx) => decideCharge(tx, account, 'other', clock.now())),
      planEntitlements.work(JOB, account.id, clock.now()),
      stopRecharge(org.owner, account, clock),
      recharge('30'),
      useMeter(account, clock.now(), [{ meter: 'run', quantity: '1' }]),
    ])
    for (const answer of [answers[0], answers[1], answers[2], answers[5], answers[6]]) expect(answer.ok).toBe(true)
  }
  expect(await deadlocks()).toBe(before)
  expect(await readBreaches(account.id, clock.now())).toEqual([])
}, 120_000)
