import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { checkPayment } from '@/lib/billing/payments/check-payment'
import { setRecharge } from '@/lib/billing/charges/set-recharge'
import { settlePayment } from '@/lib/billing/payments/settle-payment'
import { startPurchase } from '@/lib/billing/payments/start-purchase'
import { systemClock } from '@/lib/clock'
import { listCards } from '@/lib/db/cards'
import { findPayment } from '@/lib/db/payments'
import { runRecharge } from '@/lib/jobs/run-recharge'
import { saveTestCard } from '@/lib/testing/saved-card'
import { openScenario, YEAR, type Customer, type Scenario } from '@/lib/testing/scenario'

const JOB = { kind: 'job', task: 'test' } as const
const STRIPE = { kind: 'stripe' } as const

let scenario: Scenario

beforeAll(async () => {
  scenario = await openScenario('rule-runs')
}, 60_000)
afterAll(() => scenario.close())

/** A customer on the plan with 1,000 runs a month, in January. */
async function onTeam(credits: string | null): Promise<Customer> {
  const customer = await scenario.addCustomer()
  await customer.moveTo(`${YEAR}-01-04T09:00:00Z`)
  await customer.put('/plan', { plan: 'rules-team' })
  if (credits !== null) await customer.grant(credits)
  return customer
}

/** Runs rules so many times, one call each, and answers what became of each: `outcome amount`. */
async function runRules(customer: Customer, times: number): Promise<readonly string[]> {
  const outcomes: string[] = []
  for (let run = 0; run < times; run += 1) {
    const { body } = await customer.use('rule_run', 1)
    outcomes.push(`${String(body['outcome'] ?? body['code'])} ${String(body['amount'] ?? '')}`)
  }
  return outcomes
}

/** Opens a Checkout for some dollars. */
async function buy(customer: Customer, amount: string) {
  const input = { amount, formToken: randomUUID(), saveCard: false }
  return startPurchase(customer.owner, await customer.account(), input, 'http://localhost:3000', systemClock)
}

describe('rule runs', () => {
  it('are covered by the plan first; then run 1 takes one credit, runs 2 to 100 take nothing, and run 101 takes the next', async () => {
    const customer = await onTeam('10')
    const month = await customer.use('rule_run', 999)
    expect(month.body).toMatchObject({ outcome: 'covered', amount: '0', covered_by_allowance: '999', entry: null })
    expect(await runRules(customer, 1)).toEqual(['covered 0'])
    const overage = await runRules(customer, 101)
    expect(overage).toEqual(['charged 1', ...Array.from({ length: 99 }, () => 'charged 0'), 'charged 1'])
    expect(await customer.lines()).toEqual(['grant 10 → 10', 'usage -1 → 9', 'usage -1 → 8'])
    expect(await customer.wallet()).toMatchObject({ balance: '8', available: '8', debt: '0' })
    await customer.prove()
  })

  it('that reach over the end of the allowance are covered as far as it goes', async () => {
    const customer = await onTeam('10')
    await customer.use('rule_run', 950)
    const { body } = await customer.use('rule_run', 151)
    expect(body).toMatchObject({ outcome: 'charged', covered_by_allowance: '50', amount: '2', balance: '8' })
    const entry = await customer.get(`/entries/${String(body['entry'])}`)
    expect(entry).toMatchObject({
      amount: '-2',
      price: { model: 'package', package_size: '100', package_price: '1' },
      arithmetic: [{ step: 'package', counted: '0', quantity: '101', size: '100', begun: '2', subtotal: '2' }, {}],
    })
    await customer.prove()
  })

  it('go on as long as credits last: the run that needs a credit that is not there is refused and records nothing', async () => {
    const customer = await onTeam('1')
    await customer.use('rule_run', 1000)
    expect((await runRules(customer, 100)).every((outcome) => outcome.startsWith('charged'))).toBe(true)
    const refused = await customer.use('rule_run', 1)
    expect(refused.status).toBe(402)
    expect(refused.body).toMatchObject({ code: 'insufficient_credits', required: '1', available: '0', asset: 'credit' })
    expect((await customer.get('/usage?group_by=meter'))['data']).toMatchObject([
      { meter: 'rule_run', quantity: '1100', amount: '1', events: 101 },
    ])
    await customer.grant('1')
    expect(await runRules(customer, 1)).toEqual(['charged 1'])
    await customer.prove()
  })

  it('are covered again from the 1st of the next month, and the next hundred begins anew', async () => {
    const customer = await onTeam('10')
    await customer.use('rule_run', 1001)
    await customer.moveTo(`${YEAR}-02-01T00:00:00Z`)
    expect(await runRules(customer, 1)).toEqual(['covered 0'])
    await customer.use('rule_run', 999)
    expect(await runRules(customer, 2)).toEqual(['charged 1', 'charged 0'])
    expect(await customer.lines()).toEqual(['grant 10 → 10', 'usage -1 → 9', 'usage -1 → 8'])
    await customer.prove()
  })

  it('share one balance with other metered usage, in whole credits', async () => {
    const customer = await onTeam('10')
    expect((await customer.use('template_generation', 2)).body).toMatchObject({ amount: '2', balance: '8' })
    expect((await customer.use('rule_validation', 7)).body).toMatchObject({
      outcome: 'free',
      amount: '0',
      balance: '8',
    })
    await customer.use('rule_run', 1100)
    expect(await customer.lines()).toEqual(['grant 10 → 10', 'usage -2 → 8', 'usage -1 → 7'])
    expect((await customer.get(''))['policy']).toMatchObject({ display_decimals: { value: 0, source: 'operator' } })
    await customer.prove()
  })
})

describe('buying credits', () => {
  it('takes 5 dollars at least, gives a credit per dollar, and once however often Stripe says that it was paid', async () => {
    const customer = await scenario.addCustomer()
    expect(await buy(customer, '4.99')).toMatchObject({
      error: { code: 'invalid_input', errors: [{ path: 'amount', message: 'The smallest purchase is $5.' }] },
    })
    const started = await buy(customer, '5')
    if (!started.ok) throw new Error(started.error.code)
    const { id } = await customer.account()
    const payment = await findPayment(id, started.value.paymentId)
    await scenario.sandbox.control.completeCheckout(payment?.checkoutSessionId ?? '')
    const [intent] = await scenario.sandbox.control.objects('payment_intent')
    await Promise.all([
      ...Array.from({ length: 5 }, () => settlePayment(STRIPE, intent?.id ?? '', systemClock)),
      ...Array.from({ length: 3 }, () => checkPayment(JOB, id, started.value.paymentId, systemClock)),
    ])
    await settlePayment(STRIPE, intent?.id ?? '', systemClock)
    expect(await customer.lines()).toEqual(['purchase 5 → 5'])
    expect(await scenario.chargedCents(customer)).toEqual([500])
    await customer.prove()
  })

  it('and auto-recharge are for Owner and Admin alone', async () => {
    const { account, member } = await onTeam(null)
    const input = { amount: '5', formToken: randomUUID(), saveCard: false }
    const forbidden = { ok: false, error: { code: 'forbidden' } }
    expect(await startPurchase(member, await account(), input, 'http://localhost:3000', systemClock)).toEqual(forbidden)
    expect(await setRecharge(member, await account(), { threshold: '10', size: '50' }, systemClock)).toEqual(forbidden)
  })
})

describe('auto-recharge', () => {
  const SETTING = { threshold: '10', size: '50' } as const

  it('needs a saved default card, and saving one charges nothing', async () => {
    const customer = await onTeam('25')
    const early = await setRecharge(customer.owner, await customer.account(), SETTING, systemClock)
    expect(early).toMatchObject({ error: { code: 'invalid_state' } })
    const { id } = await customer.account()
    await saveTestCard(id)
    expect(await listCards(id)).toMatchObject([{ isDefault: true }])
    expect(await scenario.chargedCents(customer)).toEqual([])
    const saved = await setRecharge(customer.owner, await customer.account(), SETTING, systemClock)
    expect(saved).toEqual({ ok: true, value: { status: 'saved', chargedNowUsd: null } })
  })

  it('fires at the threshold already, charges the amount, and never twice for one low balance', async () => {
    const customer = await onTeam('12')
    const { id } = await customer.account()
    await saveTestCard(id)
    await setRecharge(customer.owner, await customer.account(), SETTING, systemClock)
    await customer.use('template_generation', 1)
    await runRecharge({ accountId: id })
    expect(await customer.wallet()).toMatchObject({ balance: '11' })
    await customer.use('template_generation', 1)
    await Promise.all(Array.from({ length: 10 }, () => runRecharge({ accountId: id })))
    expect(await customer.lines()).toEqual(['grant 12 → 12', 'usage -1 → 11', 'usage -1 → 10', 'recharge 50 → 60'])
    expect(await scenario.chargedCents(customer)).toEqual([5000])
    expect(await customer.get('/balance')).toMatchObject({ recharge: { status: 'armed', last_error: null } })
    await customer.prove()
  })

  it.each([
    ['is declined', 'chargeDeclined', 'backing_off', /declined/i],
    ['needs the bank to be asked', 'authenticationRequired', 'suspended', /confirm|authenticat/i],
  ])('that %s charges nothing, and says so where the balance is read', async (_name, card, status, message) => {
    const customer = await onTeam('12')
    const { id } = await customer.account()
    await saveTestCard(id, card)
    await setRecharge(customer.owner, await customer.account(), SETTING, systemClock)
    await customer.use('template_generation', 2)
    await runRecharge({ accountId: id })
    await runRecharge({ accountId: id })
    expect(await customer.lines()).toEqual(['grant 12 → 12', 'usage -2 → 10'])
    expect(await scenario.chargedCents(customer)).toEqual([])
    const { recharge } = await customer.get('/balance')
    expect(recharge).toMatchObject({ status, last_error: expect.stringMatching(message) as unknown })
    await customer.prove()
  })
})

it('is set up from configuration alone, and again without a change', async () => {
  const again = await scenario.apply()
  expect(again.join('\n')).toContain('sample-rule-runs: Northwind Rules, on plan rules-team, 2 members')
  const sample = await scenario.api.call('GET', '/organizations/sample-rule-runs/entries')
  expect(sample.status).toBe(200)
  const prices = await scenario.api.call('GET', '/meters/rule_run/prices')
  expect(prices.body['data']).toHaveLength(1)
})
