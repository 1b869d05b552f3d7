import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { readTerms } from '@/lib/db/account-terms'
import { findAutoCharge } from '@/lib/db/auto-charges'
import { readBooks } from '@/lib/db/books'
import { findAccount } from '@/lib/db/organizations'
import { findBreaches } from '@/lib/ledger/invariants'
import { CREDIT_SCALE, formatAmount } from '@/lib/money/amount'
import type { PolicyOverride } from '@/lib/organizations/rules/effective-policy'
import { setPolicy } from '@/lib/organizations/set-policy'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { definePrice, giveCredit, useMeter } from '@/lib/testing/ledger-factory'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'
import { SANDBOX_KEYS, startSandboxProcess, type SandboxProcess } from '@/lib/testing/sandbox-process'
import { saveTestCard } from '@/lib/testing/saved-card'
import { spendCredits } from '@/lib/testing/spend-credits'

import { chargeWhatIsDue } from './charge-what-is-due'
import { followUpPayment } from '../payments/check-payment'
import { chargeSource } from './due-charges'
import { listInvoices } from './list-invoices'
import { rearmRecharge } from './rearm-recharge'
import { setRecharge } from './set-recharge'

const job = { kind: 'job', task: 'test' } as const
const key = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' } as const
const START = new Date('2027-01-10T00:00:00Z')
const FEBRUARY = new Date('2027-02-01T00:00:00Z')
const MARCH = new Date('2027-03-01T00:00:00Z')
const CUTOVER = new Date('2027-03-10T15:30:00Z')

let sandbox: SandboxProcess
let database: TestDatabase
let org: TestOrganization

beforeAll(async () => {
  database = await openTestDatabase(async ({ url }) => {
    sandbox = await startSandboxProcess(url)
    return {
      STRIPE_API_BASE: sandbox.url,
      STRIPE_SECRET_KEY: SANDBOX_KEYS.secretKey,
      STRIPE_WEBHOOK_SECRET: SANDBOX_KEYS.webhookSecret,
    }
  })
}, 60_000)

afterAll(async () => {
  await sandbox.stop()
  await database.drop()
})

beforeEach(async () => {
  org = await createOrganization(START)
})

async function begin({ card = 'visa', ...policy }: PolicyOverride & { card?: string } = {}): Promise<void> {
  const postpaid = { billing_mode: { postpaid_until: CUTOVER.toISOString() }, ...policy }
  const set = await setPolicy(key, org.account.externalId, postpaid, { now: () => START })
  expect(set.ok).toBe(true)
  await saveTestCard(org.account.id, card)
}

const at = (text: string) => new Date(text)
const use = (amount: string, occurred: string, reported = occurred, meter = 'gpu_second') =>
  spendCredits(org.account.id, { amount, at: at(reported), occurredAt: at(occurred), meter })
const work = (instant: Date) => chargeSource.work(job, org.account.id, instant)

async function invoices() {
  const listed = await listInvoices(key, org.account.externalId, { limit: 100 })
  if (!listed.ok) throw new Error(listed.error.code)
  return [...listed.value.data].reverse()
}

/** What each invoice asks for and where it stands. */
const totals = async () =>
  (await invoices()).map(({ number, kind, status, amount }) => `${number} ${kind} ${amount} ${status}`)

async function book() {
  const [found] = await readBooks(org.account.id)
  if (found === undefined) throw new Error('no wallet')
  expect(findBreaches(found, at('2027-06-01T00:00:00Z'))).toEqual([])
  const show = (value: typeof found.wallet.balance) => formatAmount(value, CREDIT_SCALE)
  return { balance: show(found.wallet.balance), debt: show(found.wallet.debt) }
}

async function charged(): Promise<readonly number[]> {
  const charges = await sandbox.control.objects('charge')
  const mine = charges.filter(
    (charge) =>
      charge['paid'] === true && (charge['metadata'] as Record<string, string>)['account_id'] === org.account.id,
  )
  return mine.map((charge) => charge['amount'] as number).reverse()
}

describe('postpaid until the cutover', () => {
  it('is invoiced at the end of each month and at the cutover: together exactly what was used before it', async () => {
    await begin()
    await use('12.5', '2027-01-12T10:00:00Z')
    await use('7.25', '2027-01-31T23:59:59.999Z', undefined, 'output_token')
    expect(await chargeSource.nextDue(org.account.id)).toEqual(FEBRUARY)
    expect(await chargeSource.dueAccounts(new Date(FEBRUARY.getTime() - 1), 100)).not.toContain(org.account.id)
    expect(await chargeSource.dueAccounts(FEBRUARY, 100)).toContain(org.account.id)
    await work(FEBRUARY)
    expect(await charged()).toEqual([1975])
    const [january] = await invoices()
    expect(january).toMatchObject({
      number: 1,
      kind: 'month',
      status: 'paid',
      amount: '19.75',
      amount_cents: 1975,
      period_end: '2027-02-01T00:00:00.000Z',
      lines: [
        { type: 'usage', month: '2027-01', meter: 'gpu_second', quantity: '1', amount: '12.5', is_correction: false },
        { type: 'usage', month: '2027-01', meter: 'output_token', quantity: '1', amount: '7.25', is_correction: false },
      ],
    })
    expect(january?.payment).toMatch(/^pay_/)

    await use('3', '2027-02-14T00:00:00Z')
    await work(MARCH)
    await use('20', '2027-03-10T15:29:59.999Z')
    expect(await chargeSource.nextDue(org.account.id)).toEqual(CUTOVER)
    await work(CUTOVER)
    expect(await totals()).toEqual(['1 month 19.75 paid', '2 month 3 paid', '3 final 20 paid'])
    expect(await charged()).toEqual([1975, 300, 2000])
    expect(await book()).toEqual({ balance: '0', debt: '0' })
    expect(await chargeSource.nextDue(org.account.id)).toBeNull()
  })

  it('invoices what the usage desk recorded, to the last digit and with the meters it was recorded of', async () => {
    const key = `gpu-${randomUUID()}`
    await definePrice({ key, name: 'GPU', unit: 'second' }, { model: 'per_unit', unit_price: '0.0012' })
    await begin()
    const seconds = (quantity: string, occurred: string, reported = occurred) =>
      useMeter(org.account, at(reported), [{ meter: key, quantity, occurred_at: occurred }])
    await seconds('25000', '2027-01-12T10:00:00Z')
    await seconds('1', '2027-01-31T23:59:59Z', '2027-02-01T00:02:00Z')
    await seconds('500', '2027-02-01T00:00:00Z', '2027-02-01T00:02:00Z')
    await work(FEBRUARY)
    expect(await charged()).toEqual([3001])
    expect((await invoices())[0]).toMatchObject({
      amount: '30.0012',
      lines: [{ month: '2027-01', meter: key, quantity: '25001', amount: '30.0012' }],
    })
    await work(MARCH)
    // The cent that January was rounded up to has paid a part of February.
    expect((await invoices())[1]).toMatchObject({ amount: '0.5912', amount_cents: 60 })
    expect(await charged()).toEqual([3001, 60])
  })

  it('leaves what occurred in the new month, and was reported before the invoice was written, for the next one', async () => {
    await begin()
    await use('10', '2027-01-20T00:00:00Z')
    await use('4', '2027-02-01T00:00:00Z')
    await work(FEBRUARY)
    expect(await totals()).toEqual(['1 month 10 paid'])
    expect(await book()).toEqual({ balance: '-4', debt: '4' })
    await work(MARCH)
    expect(await totals()).toEqual(['1 month 10 paid', '2 month 4 paid'])
  })

  it('corrects a closed month in the next invoice, by its month and meter', async () => {
    await begin()
    await use('10', '2027-01-20T00:00:00Z')
    await work(FEBRUARY)
    await use('2.5', '2027-01-25T00:00:00Z', '2027-02-10T00:00:00Z')
    await use('1', '2027-02-11T00:00:00Z')
    await work(MARCH)
    expect((await invoices())[1]).toMatchObject({
      amount: '3.5',
      lines: [
        { month: '2027-01', meter: 'gpu_second', quantity: '1', amount: '2.5', is_correction: true },
        { month: '2027-02', meter: 'gpu_second', quantity: '1', amount: '1', is_correction: false },
      ],
    })
    expect(await charged()).toEqual([1000, 350])
  })

  it('cuts a day in two at the cutover, to the last event', async () => {
    await begin()
    await giveCredit(org.account.id, { amount: '50', at: CUTOVER, effectiveAt: CUTOVER })
    await use('20', '2027-03-10T15:29:59Z')
    await use('8', '2027-03-10T15:30:00Z')
    await work(FEBRUARY)
    await work(MARCH)
    await work(CUTOVER)
    const final = (await invoices()).at(-1)
    const usage = final?.lines.filter((line) => line.type === 'usage')
    expect(usage).toMatchObject([{ month: '2027-03', meter: 'gpu_second', quantity: '1', amount: '20' }])
  })

  it('writes a supplementary invoice for what is reported after the final one, when it is an hour old', async () => {
    await begin()
    await use('20', '2027-03-09T00:00:00Z')
    await work(FEBRUARY)
    await work(MARCH)
    await work(CUTOVER)
    await use('6', '2027-03-05T00:00:00Z', '2027-03-20T12:00:00Z')
    const looked = await chargeWhatIsDue(job, org.account.id, 'other', { now: () => at('2027-03-20T12:00:00Z') })
    expect(looked).toMatchObject({ value: { attempts: [] } })
    expect(await chargeSource.nextDue(org.account.id)).toEqual(at('2027-03-20T13:00:00Z'))
    await work(at('2027-03-20T13:00:00Z'))
    expect(await totals()).toEqual(['1 final 20 paid', '2 supplementary 6 paid'])
    expect((await invoices())[1]?.lines).toMatchObject([{ month: '2027-03', amount: '6' }])
    expect(await charged()).toEqual([2000, 600])
    expect(await book()).toEqual({ balance: '0', debt: '0' })
  })

  it('keeps late usage and a run beyond the cutover apart: one is invoiced, the other settled', async () => {
    await begin({ at_zero: 'charge_card' })
    await work(FEBRUARY)
    await work(MARCH)
    await work(CUTOVER)
    await use('6', '2027-03-05T00:00:00Z', '2027-03-20T12:00:00Z')
    await use('9', '2027-03-20T12:00:00Z')
    await chargeWhatIsDue(job, org.account.id, 'run_ended', { now: () => at('2027-03-20T12:00:00Z') })
    expect(await totals()).toEqual(['1 supplementary 6 paid'])
    expect(await charged()).toEqual([600, 900])
    expect(await book()).toEqual({ balance: '0', debt: '0' })
  })

  it('takes off what credit has paid, as a line of its own', async () => {
    await begin()
    await giveCredit(org.account.id, { amount: '15', at: START })
    await use('10', '2027-01-20T00:00:00Z')
    await use('10', '2027-01-21T00:00:00Z')
    await work(FEBRUARY)
    expect((await invoices())[0]).toMatchObject({
      amount: '5',
      lines: [
        { type: 'usage', amount: '20' },
        { type: 'credits', amount: '-15' },
      ],
    })
    expect(await charged()).toEqual([500])
  })

  it('writes no invoice for a month without usage, and a paid one for a month that credit covered', async () => {
    await begin()
    await work(FEBRUARY)
    expect(await totals()).toEqual([])
    await giveCredit(org.account.id, { amount: '15', at: FEBRUARY })
    await use('10', '2027-02-20T00:00:00Z')
    await work(MARCH)
    expect(await totals()).toEqual(['1 month 0 paid'])
    expect(await charged()).toEqual([])
  })

  it('waits with an invoice below what Stripe charges, until there is more or the cutover', async () => {
    await begin()
    await use('0.30', '2027-01-20T00:00:00Z')
    await work(FEBRUARY)
    expect(await totals()).toEqual(['1 month 0.3 open'])
    await use('0.40', '2027-02-20T00:00:00Z')
    await work(MARCH)
    expect(await totals()).toEqual(['1 month 0.3 paid', '2 month 0.4 paid'])
    expect(await charged()).toEqual([70])
    await use('0.10', '2027-03-05T00:00:00Z')
    await work(CUTOVER)
    expect(await charged()).toEqual([70, 50])
    expect(await book()).toEqual({ balance: '0.4', debt: '0' })
  })

  it('neither recharges nor settles debt before the cutover, and does from it on', async () => {
    await begin({ at_zero: 'charge_card', recharge_size: 'target', recharge_trigger: 'below' })
    const account = await findAccount(org.account.id)
    if (account === null) throw new Error('no account')
    const set = await setRecharge(org.owner, account, { threshold: '20', size: '100' }, { now: () => START })
    expect(set).toEqual({ ok: true, value: { status: 'saved', chargedNowUsd: null } })
    await use('30', '2027-01-20T00:00:00Z')
    await chargeWhatIsDue(job, org.account.id, 'run_ended', { now: () => at('2027-01-20T00:00:00Z') })
    expect(await charged()).toEqual([])
    expect((await readTerms(org.account.id)).recharge).toBeNull()
    await work(FEBRUARY)
    await work(MARCH)
    await work(CUTOVER)
    expect(await charged()).toEqual([3000, 10000])
    expect((await readTerms(org.account.id)).recharge).not.toBeNull()
  })

  it('closes a month by the days of the account, once, however many look at once', async () => {
    await begin()
    await use('10', '2027-01-20T00:00:00Z')
    await Promise.all(Array.from({ length: 10 }, () => work(FEBRUARY)))
    expect(await totals()).toEqual(['1 month 10 paid'])
    expect(await charged()).toEqual([1000])
  })
})

describe('an invoice that cannot be charged', () => {
  it('stays open through the back-off, fails with the last decline, and is charged when somebody says try again', async () => {
    await begin({ card: 'chargeCustomerFail' })
    await use('10', '2027-01-20T00:00:00Z')
    await work(FEBRUARY)
    expect(await totals()).toEqual(['1 month 10 open'])
    for (const hours of [1, 3, 7]) {
      const due = await chargeSource.nextDue(org.account.id)
      if (due === null) throw new Error(`nothing is due after ${hours} hours`)
      await work(due)
    }
    expect(await totals()).toEqual(['1 month 10 failed'])
    expect((await findAutoCharge(org.account.id)).state.status).toBe('suspended')
    expect(await chargeSource.nextDue(org.account.id)).toEqual(MARCH)

    await saveTestCard(org.account.id, 'visa')
    const account = await findAccount(org.account.id)
    if (account === null) throw new Error('no account')
    const later = { now: () => at('2027-02-05T00:00:00Z') }
    await rearmRecharge(org.owner, account, later)
    await chargeWhatIsDue(job, org.account.id, 'other', later)
    expect(await totals()).toEqual(['1 month 10 paid'])
    expect(await charged()).toEqual([1000])
  })

  it('is paid by credit that arrives meanwhile: then nothing is charged', async () => {
    await begin({ card: 'chargeCustomerFail' })
    await use('10', '2027-01-20T00:00:00Z')
    await work(FEBRUARY)
    await giveCredit(org.account.id, { amount: '25', at: FEBRUARY })
    const due = await chargeSource.nextDue(org.account.id)
    await work(due ?? FEBRUARY)
    expect(await totals()).toEqual(['1 month 10 paid'])
    expect((await invoices())[0]?.payment).toBeNull()
    expect((await findAutoCharge(org.account.id)).state.status).toBe('armed')
  })

  it('is charged and credited once when Stripe charges and does not answer', async () => {
    await begin()
    await use('10', '2027-01-20T00:00:00Z')
    await sandbox.control.addFault({ endpoint: 'POST /v1/payment_intents', fault: 'drop_answer', times: 3 })
    await work(FEBRUARY)
    await sandbox.control.clearFaults()
    expect(await totals()).toEqual(['1 month 10 open'])
    const { state } = await findAutoCharge(org.account.id)
    await followUpPayment(job, org.account.id, state.paymentId ?? '', { now: () => FEBRUARY })
    expect(await totals()).toEqual(['1 month 10 paid'])
    expect(await charged()).toEqual([1000])
    expect(await book()).toEqual({ balance: '0', debt: '0' })
  })
})

describe('reading invoices', () => {
  it('answers the organization of the own mode only, a page at a time', async () => {
    await begin()
    await use('10', '2027-01-20T00:00:00Z')
    await work(FEBRUARY)
    await use('10', '2027-02-20T00:00:00Z')
    await work(MARCH)
    const page = await listInvoices(key, org.account.externalId, { limit: 1 })
    expect(page).toMatchObject({ value: { data: [{ number: 2 }], has_more: true } })
    const next = await listInvoices(key, org.account.externalId, { limit: 1, starting_after: 2 })
    expect(next).toMatchObject({ value: { data: [{ number: 1 }], has_more: false } })
    const live = { ...key, mode: 'live' } as const
    expect(await listInvoices(live, org.account.externalId, { limit: 1 })).toMatchObject({
      error: { code: 'not_found' },
    })
  })
})
