import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { findAccountNamed } from '@/lib/db/account-names'
import { inTransaction, query } from '@/lib/db/pool'
import { stopApiKeyListening } from '@/lib/organizations/authenticate-api-key'
import { openApi, type Answered, type ApiClient } from '@/lib/testing/api'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { toUsageEvent, usageEventInput } from '@/lib/usage/contract'
import { decideBatch } from '@/lib/usage/desk/decide-batch'
import type { UsageAccount } from '@/lib/usage/desk/request'

let database: TestDatabase
let api: ApiClient
let meter: string
let organization: string

beforeAll(async () => {
  database = await openTestDatabase()
  api = await openApi('web-standard handler')
  meter = await addMeter({ model: 'per_unit', unit_price: '1' })
})
afterAll(async () => {
  await api.close()
  await stopApiKeyListening()
  await database.drop()
})
beforeEach(async () => {
  organization = await addOrganization('10')
})

const once = (key: string = randomUUID()) => ({ 'idempotency-key': key })

async function addMeter(price: object): Promise<string> {
  const key = `m-${randomUUID()}`
  await api.call('PUT', `/meters/${key}`, { body: { name: 'Run', unit: 'count' } })
  const effective_from = new Date(Date.now() - 40 * 86_400_000).toISOString()
  const made = await api.call('POST', `/meters/${key}/prices`, { body: { ...price, effective_from }, headers: once() })
  expect(made.status).toBe(201)
  return key
}

async function addOrganization(credits: string): Promise<string> {
  const external_id = `org-${randomUUID()}`
  await api.call('POST', '/organizations', { body: { external_id, name: 'Acme' } })
  await grant(external_id, { amount: credits })
  return external_id
}

async function grant(to: string, fields: object): Promise<string> {
  const body = { organization: to, purpose: 'a test', ...fields }
  const made = await api.call('POST', '/grants', { body, headers: once() })
  expect(made.status).toBe(201)
  return made.body['id'] as string
}

const authorize = (fields: object, headers: object = once()) =>
  api.call('POST', '/authorizations', { body: { organization, ...fields }, headers: { ...headers } })
const capture = (hold: Answered, fields: object) =>
  api.call('POST', `/authorizations/${String(hold.body['id'])}/capture`, {
    body: { event_id: `evt-${randomUUID()}`, ...fields },
  })
const act = (hold: Answered, what: string, body?: object) =>
  api.call('POST', `/authorizations/${String(hold.body['id'])}/${what}`, body === undefined ? {} : { body })
const read = async (hold: Answered) => (await api.call('GET', `/authorizations/${String(hold.body['id'])}`)).body

async function wallet(of = organization): Promise<Readonly<Record<string, unknown>>> {
  const answered = await api.call('GET', `/organizations/${of}/balance`)
  const [first] = answered.body['wallets'] as Readonly<Record<string, unknown>>[]
  return first ?? {}
}

/** Records five units in a batch of its own, as another process would beside this one's queue. */
async function recordAlone(account: UsageAccount, of: string, occurredAt: Date): Promise<string> {
  const used = { id: randomUUID(), organization, meter: of, quantity: '5', occurred_at: occurredAt.toISOString() }
  const event = toUsageEvent(usageEventInput.parse(used))
  const clock = { now: () => new Date() }
  const actor = { kind: 'job', task: 'test' } as const
  const [decision] = await decideBatch([{ kind: 'record', obligation: 'may_refuse', actor, account, clock, event }])
  if (decision?.ok !== true || decision.value.kind !== 'usage') throw new Error('the event was not recorded')
  return decision.value.usage.outcome
}

const IS_WAITING = `SELECT FROM pg_locks WHERE NOT granted AND locktype IN ('tuple', 'transactionid')`

async function expireHolds(): Promise<void> {
  const account = '(SELECT id FROM billing_account WHERE external_id = $1)'
  await query(`UPDATE hold SET expires_at = now() - interval '1 second' WHERE account_id = ${account}`, [organization])
}

/** Invariants 1, 2 and 3 of ledger.md, grant by grant where holds pin them, for all wallets of the suite's database. */
async function expectWholeBooks(): Promise<void> {
  const [row] = await query(`SELECT count(*)::int AS wrong FROM wallet w WHERE
      w.balance <> (SELECT coalesce(sum(amount), 0) FROM entry e WHERE e.account_id = w.account_id AND e.wallet_id = w.id)
      OR w.balance <> (SELECT coalesce(sum(remaining), 0) FROM credit_grant g WHERE g.account_id = w.account_id AND g.wallet_id = w.id) - w.debt
      OR w.held <> (SELECT coalesce(sum(held), 0) FROM credit_grant g WHERE g.account_id = w.account_id AND g.wallet_id = w.id)
      OR w.held <> (SELECT coalesce(sum(p.held), 0) FROM hold h JOIN hold_allocation p ON p.account_id = h.account_id AND p.hold_id = h.id
        WHERE h.account_id = w.account_id AND h.wallet_id = w.id)
      OR w.last_sequence <> (SELECT count(*) FROM entry e WHERE e.account_id = w.account_id AND e.wallet_id = w.id)`)
  expect(row?.['wrong']).toBe(0)
  const [pins] =
    await query(`SELECT count(*)::int AS wrong FROM credit_grant g WHERE g.held <> (SELECT coalesce(sum(p.held), 0)
      FROM hold_allocation p WHERE p.account_id = g.account_id AND p.grant_id = g.id)`)
  expect(pins?.['wrong']).toBe(0)
  const [rollup] = await query(`SELECT count(*)::int AS wrong FROM
      (SELECT account_id, wallet_id, sum(amount) AS amount FROM daily_usage GROUP BY 1, 2) d
      FULL JOIN (SELECT account_id, wallet_id, -sum(amount) AS amount FROM entry WHERE kind = 'usage' GROUP BY 1, 2) e
        USING (account_id, wallet_id)
      WHERE coalesce(d.amount, 0) <> coalesce(e.amount, 0)`)
  expect(rollup?.['wrong']).toBe(0)
}

describe('an authorization', () => {
  it('sets credits aside, is captured in parts, and the final one releases the rest to the same grants', async () => {
    const promo = await grant(organization, { amount: '2', source: 'promo', priority: 1 })
    const hold = await authorize({ meter, quantity: '6' })
    expect(hold.status).toBe(201)
    expect(hold.body).toMatchObject({ status: 'open', asset: 'credit', amount: '6', captured: '0', released: '0' })
    expect(hold.headers.get('x-credits-cost')).toBe('6')
    expect(await wallet()).toMatchObject({ balance: '12', held: '6', available: '6' })

    const first = await capture(hold, { quantity: '1.5', final: false })
    expect(first.status).toBe(200)
    expect(first.body).toMatchObject({ status: 'open', captured: '1.5', released: '0', late: false, balance: '10.5' })
    const last = await capture(hold, { amount: '2' })
    expect(last.body).toMatchObject({
      status: 'captured',
      captured: '3.5',
      released: '2.5',
      balance: '8.5',
      available: '8.5',
    })
    expect(await wallet()).toMatchObject({ balance: '8.5', held: '0', available: '8.5' })
    expect((await api.call('GET', `/grants/${promo}`)).body).toMatchObject({ remaining: '0', held: '0' })
    expect(await read(hold)).toMatchObject({ status: 'captured', captured: '3.5', released: '2.5' })

    const entry = await api.call('GET', `/organizations/${organization}/entries/${String(last.body['entry'])}`)
    expect(entry.body).toMatchObject({ kind: 'usage', amount: '-2', hold: hold.body['id'] })
    expect(entry.body['allocations']).toMatchObject([{ grant: promo, amount: '-0.5' }, { amount: '-1.5' }])
    await expectWholeBooks()
  })

  it('is made once per key, and another body under the key is a conflict', async () => {
    const headers = once()
    const body = { meter, quantity: '3' }
    const [first, twin] = await Promise.all([authorize(body, headers), authorize(body, headers)])
    expect([first.status, twin.status]).toEqual([201, 201])
    expect(twin.text).toBe(first.text)
    expect([first, twin].filter(({ headers: sent }) => sent.get('idempotent-replayed') === 'true')).toHaveLength(1)
    expect((await authorize({ meter, quantity: '4' }, headers)).status).toBe(409)
    const other = await addOrganization('10')
    const elsewhere = await api.call('POST', '/authorizations', { body: { organization: other, ...body }, headers })
    expect(elsewhere.body).toMatchObject({ code: 'idempotency_conflict' })
    expect(await wallet()).toMatchObject({ held: '3' })
    expect((await authorize(body, {})).body).toMatchObject({ code: 'idempotency_key_required' })
  })

  it('admits exactly as many of a hundred parallel ones as there is credit for', async () => {
    const asked = await Promise.all(Array.from({ length: 100 }, () => authorize({ meter, quantity: '1' })))
    expect(asked.filter(({ status }) => status === 201)).toHaveLength(10)
    const refused = asked.filter(({ status }) => status === 402)
    expect(refused).toHaveLength(90)
    expect(refused[0]?.body).toMatchObject({ code: 'insufficient_credits', required: '1', available: '0' })
    expect(await wallet()).toMatchObject({ balance: '10', held: '10', available: '0' })
    await expectWholeBooks()
  })

  it('larger than the balance is refused with what could be spent, and sets nothing aside', async () => {
    const refused = await authorize({ asset: 'credit', amount: '10.5' })
    expect(refused.status).toBe(402)
    expect(refused.body).toMatchObject({ required: '10.5', available: '10' })
    expect(await wallet()).toMatchObject({ held: '0' })
  })

  it('captured twice with one event id charges once; the id of plain usage is a conflict', async () => {
    const hold = await authorize({ meter, quantity: '5' })
    const event_id = `evt-${randomUUID()}`
    const body = { event_id, quantity: '2', final: false }
    const [first, twin] = await Promise.all([capture(hold, body), capture(hold, body)])
    expect(twin.text).toBe(first.text)
    expect((await capture(hold, { ...body, quantity: '3' })).body).toMatchObject({ code: 'idempotency_conflict' })
    const used = { id: `evt-${randomUUID()}`, organization, meter, quantity: '1' }
    await api.call('POST', '/usage', { body: used })
    expect((await capture(hold, { event_id: used.id, quantity: '1' })).body).toMatchObject({
      code: 'idempotency_conflict',
    })
    const again = await api.call('POST', '/usage', { body: { ...used, id: event_id } })
    expect(again.body).toMatchObject({ code: 'idempotency_conflict' })
    expect(await wallet()).toMatchObject({ balance: '7', held: '3' })
  })

  it('captured beyond what it holds spends the excess like a plain debit, and what is not covered becomes debt', async () => {
    const hold = await authorize({ meter, quantity: '4' })
    const over = await capture(hold, { quantity: '13' })
    expect(over.body).toMatchObject({
      status: 'captured',
      captured: '13',
      released: '0',
      balance: '-3',
      available: '0',
    })
    expect(await wallet()).toMatchObject({ balance: '-3', held: '0', debt: '3' })
    const next = await authorize({ meter, quantity: '1' })
    expect(next.status).toBe(402)
    expect(next.body).toMatchObject({ code: 'debt_unsettled', debt: '3', asset: 'credit' })
    await grant(organization, { amount: '5' })
    expect(await wallet()).toMatchObject({ balance: '2', debt: '0', available: '2' })
    expect((await authorize({ meter, quantity: '1' })).status).toBe(201)
    await expectWholeBooks()
  })

  it('past its expiry frees its credit for any decision at once, and a late capture is a plain debit', async () => {
    const hold = await authorize({ meter, quantity: '10', expires_in: 1 })
    expect((await authorize({ meter, quantity: '1' })).status).toBe(402)
    await expireHolds()
    expect(await read(hold)).toMatchObject({ status: 'expired', released: '10' })
    expect((await authorize({ meter, quantity: '9' })).status).toBe(201)
    const late = await capture(hold, { quantity: '2' })
    expect(late.body).toMatchObject({ status: 'expired', late: true, captured: '2', balance: '8', available: '0' })
    expect(await wallet()).toMatchObject({ balance: '8', held: '9', debt: '1' })
    await expectWholeBooks()
  })

  it('pins other grants than one of the same amount that expires as it begins', async () => {
    await grant(organization, { amount: '10', priority: 90 })
    const blocker = await authorize({ meter, quantity: '10' })
    await authorize({ meter, quantity: '10' })
    await act(blocker, 'release')
    await expireHolds()
    const hold = await authorize({ meter, quantity: '10' })
    expect(hold.status).toBe(201)
    await expectWholeBooks()
    expect((await capture(hold, { quantity: '10' })).body).toMatchObject({ status: 'captured', balance: '10' })
    await expectWholeBooks()
  })

  it('is decided with the credit of every hold that has expired, however many there are', async () => {
    await grant(organization, { amount: '1000' })
    const [account] = await query('SELECT id FROM billing_account WHERE external_id = $1', [organization])
    await Promise.all(Array.from({ length: 1_005 }, () => authorize({ meter, quantity: '1' })))
    await expireHolds()
    expect((await authorize({ meter, quantity: '1010' })).status).toBe(201)
    const [open] = await query(`SELECT count(*)::int AS count FROM hold WHERE account_id = $1 AND status = 'open'`, [
      account?.['id'],
    ])
    expect(open?.['count']).toBe(1)
    await expectWholeBooks()
  })

  it('released twice gives the same answer; what is captured or released is final', async () => {
    const hold = await authorize({ meter, quantity: '4' })
    const released = await act(hold, 'release')
    expect(released.body).toMatchObject({ status: 'released', released: '4' })
    expect((await act(hold, 'release')).text).toBe(released.text)
    const refused = await capture(hold, { quantity: '1' })
    expect([refused.status, refused.body['code']]).toEqual([409, 'invalid_state'])
    const taken = await authorize({ meter, quantity: '1' })
    await capture(taken, { quantity: '1' })
    expect((await act(taken, 'release')).body).toMatchObject({ code: 'invalid_state' })
    expect((await act(taken, 'extend', { expires_in: 60 })).body).toMatchObject({ code: 'invalid_state' })
    expect(await wallet()).toMatchObject({ balance: '9', held: '0' })
  })

  it('captured with quantity 0 is released; extended, it lasts longer', async () => {
    const hold = await authorize({ meter, quantity: '4', expires_in: 60 })
    const extended = await act(hold, 'extend', { expires_in: 3_600 })
    const later =
      new Date(String(extended.body['expires_at'])).getTime() - new Date(String(hold.body['expires_at'])).getTime()
    expect(later).toBeGreaterThanOrEqual(3_500_000)
    expect((await act(hold, 'extend', { expires_in: 86_401 })).status).toBe(422)
    expect((await capture(hold, { quantity: '0' })).body).toMatchObject({
      status: 'released',
      released: '4',
      entry: null,
    })
    expect(await wallet()).toMatchObject({ balance: '10', held: '0' })
  })

  it('lets exactly one of a hundred captures and releases close it', async () => {
    const hold = await authorize({ meter, quantity: '10' })
    const tried = await Promise.all(
      Array.from({ length: 100 }, (_none, index) =>
        index % 2 === 0 ? capture(hold, { quantity: '1' }) : act(hold, 'release'),
      ),
    )
    const captures = tried.filter(({ status, body }) => status === 200 && body['balance'] !== undefined)
    const { status } = await read(hold)
    expect(captures.length).toBe(status === 'captured' ? 1 : 0)
    expect(await wallet()).toMatchObject({ balance: status === 'captured' ? '9' : '10', held: '0' })
    await expectWholeBooks()
  })

  it('of the other mode, or of nobody, does not exist', async () => {
    const hold = await authorize({ meter, quantity: '1' })
    const path = `/authorizations/${String(hold.body['id'])}`
    expect((await api.call('GET', path, { key: api.liveKey })).status).toBe(404)
    expect((await api.call('POST', `${path}/release`, { key: api.liveKey })).status).toBe(404)
    expect((await api.call('GET', '/authorizations/hld_x')).status).toBe(404)
  })

  it.each([
    [{ quantity: '1' }, 'meter'],
    [{ meter: 'm', quantity: '1', amount: '1' }, 'amount'],
    [{ amount: '1' }, 'asset'],
    [{}, 'quantity'],
    [{ meter: 'm', quantity: '-1' }, 'quantity'],
    [{ meter: 'm', quantity: 'NaN' }, 'quantity'],
    [{ asset: 'credit', amount: '0.0000000001' }, 'amount'],
    [{ asset: 'gold', amount: '1' }, 'asset'],
    [{ meter: 'm', quantity: '1', expires_in: 0 }, 'expires_in'],
    [{ meter: 'm', quantity: '1', surprise: true }, 'surprise'],
  ])('refuses %j by naming %s', async (body, path) => {
    const refused = await authorize(body)
    expect(refused.status).toBe(422)
    expect((refused.body['errors'] as { path: string }[]).map((error) => error.path)).toContain(path)
  })
})

describe('a dry run', () => {
  it('says what would be decided with every grant and limit, and writes nothing', async () => {
    const scoped = await grant(organization, { amount: '5', priority: 1, scope: { models: ['m1'] } })
    const limit = { scope: 'organization', amount: '8', period: 'day', mode: 'block' }
    await api.call('PUT', `/organizations/${organization}/limits/daily`, { body: limit })
    const dry = (quantity: string) =>
      api.call('POST', '/authorizations?dry_run=true', { body: { organization, meter, quantity } })
    const allowed = await dry('8')
    expect(allowed.status).toBe(200)
    expect(allowed.body).toMatchObject({ allowed: true, reason: null, asset: 'credit', amount: '8' })
    expect(allowed.body['limits']).toMatchObject([{ id: 'daily', used: '0', amount: '8', allows: true }])
    expect(allowed.body['grants']).toMatchObject([
      { grant: scoped, drawn: '0', skipped: 'out_of_scope' },
      { free: '10', drawn: '8', skipped: null },
    ])
    expect((await dry('8.5')).body).toMatchObject({ allowed: false, reason: 'spend_limit_exceeded' })
    expect(await wallet()).toMatchObject({ balance: '15', held: '0' })
    const [holds] = await query(
      'SELECT count(*)::int AS count FROM hold h JOIN billing_account a ON a.id = h.account_id WHERE a.external_id = $1',
      [organization],
    )
    expect(holds?.['count']).toBe(0)
  })
})

describe('spend limits', () => {
  const put = (id: string, body: object) => api.call('PUT', `/organizations/${organization}/limits/${id}`, { body })
  const use = (quantity: string, fields: object = {}) =>
    api.call('POST', '/usage', { body: { id: `evt-${randomUUID()}`, organization, meter, quantity, ...fields } })

  it('pass what is spent exactly up to them, deny above, and name the tightest', async () => {
    await put('roomy', { scope: 'organization', amount: '9', period: 'month', mode: 'block' })
    await put('tight', { scope: 'member', subject: 'ana', amount: '3', period: 'day', mode: 'block' })
    expect((await use('3', { member: 'ana' })).status).toBe(201)
    const over = await use('0.5', { member: 'ana' })
    expect([over.status, over.body['limit']]).toEqual([402, 'tight'])
    expect((await use('6', { member: 'raj' })).status).toBe(201)
    expect((await use('0.5', { member: 'raj' })).body).toMatchObject({ code: 'spend_limit_exceeded', limit: 'roomy' })
    expect(await wallet()).toMatchObject({ balance: '1' })
  })

  it('count what was spent before they were made, and survive their own edits', async () => {
    await use('4', { resource: 'r1' })
    const made = await put('late', { scope: 'resource', subject: 'r1', amount: '5', period: 'total', mode: 'block' })
    expect(made.status).toBe(200)
    expect((await use('2', { resource: 'r1' })).body).toMatchObject({ limit: 'late' })
    expect((await use('1', { resource: 'r1' })).status).toBe(201)
    const edited = await put('late', { scope: 'resource', subject: 'r1', amount: '6', period: 'total', mode: 'block' })
    expect(edited.body['use']).toMatchObject([{ subject: 'r1', used: '5', reserved: '0' }])
    expect((await use('1.5', { resource: 'r1' })).status).toBe(402)
    expect((await use('1', { resource: 'r1' })).status).toBe(201)
  })

  it('that counted something else for a while count what was spent meanwhile, and keep what is set aside', async () => {
    const month = { scope: 'member', subject: 'ana', amount: '8', period: 'month', mode: 'block' }
    await put('one', month)
    await authorize({ meter, quantity: '1', member: 'ana' })
    await use('1', { member: 'ana' })
    await put('one', { ...month, period: 'day' })
    await use('3', { member: 'ana' })
    await use('2', { member: 'raj' })
    const back = await put('one', month)
    expect(back.body['use']).toMatchObject([{ subject: 'ana', used: '4', reserved: '1' }])
    expect((await use('3.5', { member: 'ana' })).body).toMatchObject({ limit: 'one' })
    expect((await use('3', { member: 'ana' })).status).toBe(201)
  })

  it('that are made smaller while a spender waits for the wallet hold for that spender', async () => {
    const daily = { scope: 'organization', amount: '8', period: 'day', mode: 'block' }
    await put('daily', daily)
    const waiting = await inTransaction(async (tx) => {
      const mine = 'account_id = (SELECT id FROM billing_account WHERE external_id = $1)'
      await tx.query(`SELECT FROM wallet WHERE ${mine} FOR UPDATE`, [organization])
      const used = use('5')
      while ((await query(IS_WAITING)).length === 0) await new Promise(setImmediate)
      expect((await put('daily', { ...daily, amount: '3' })).status).toBe(200)
      return [used]
    })
    expect((await waiting[0])?.body).toMatchObject({ code: 'spend_limit_exceeded', limit: 'daily' })
    expect(await wallet()).toMatchObject({ balance: '10' })
  })

  it('count each spending once, also where one limit warns and another stops', async () => {
    await put('warn', { scope: 'organization', amount: '4', period: 'day', mode: 'alert' })
    await put('stop', { scope: 'organization', amount: '6', period: 'day', mode: 'block' })
    expect((await use('3')).status).toBe(201)
    const hold = await authorize({ meter, quantity: '3' })
    expect(hold.status).toBe(201)
    expect((await use('0.5')).body).toMatchObject({ limit: 'stop' })
    await act(hold, 'release')
    expect((await use('3')).status).toBe(201)
    const listed = await api.call('GET', `/organizations/${organization}/limits`)
    expect(listed.body['data']).toMatchObject([
      { id: 'stop', use: [{ used: '6', reserved: '0' }] },
      { id: 'warn', use: [{ used: '6', reserved: '0' }] },
    ])
  })

  it('only alert when they say so', async () => {
    await put('watch', { scope: 'organization', amount: '1', period: 'day', mode: 'alert' })
    expect((await use('5')).status).toBe(201)
  })

  it('count what open authorizations have set aside, and give it back', async () => {
    await put('daily', { scope: 'key', amount: '5', period: 'day', mode: 'block' })
    const hold = await authorize({ meter, quantity: '4', key: 'ci' })
    expect((await authorize({ meter, quantity: '2', key: 'ci' })).body).toMatchObject({ limit: 'daily' })
    expect((await authorize({ meter, quantity: '5', key: 'other' })).status).toBe(201)
    await capture(hold, { quantity: '1' })
    const second = await authorize({ meter, quantity: '4', key: 'ci' })
    expect(second.status).toBe(201)
    await act(second, 'release')
    const listed = await api.call('GET', `/organizations/${organization}/limits`)
    expect(listed.body['data']).toMatchObject([
      { id: 'daily', use: [{ subject: 'ci', used: '1', reserved: '0' }, { subject: 'other' }] },
    ])
  })

  it('let a hundred parallel spenders through exactly up to the limit', async () => {
    await put('daily', { scope: 'organization', amount: '7', period: 'day', mode: 'block' })
    const all = await Promise.all(Array.from({ length: 100 }, () => use('1')))
    expect(all.filter(({ status }) => status === 201)).toHaveLength(7)
    expect(await wallet()).toMatchObject({ balance: '3' })
  })

  it.each([
    [{ scope: 'planet', amount: '1', period: 'day', mode: 'block' }, 'scope'],
    [{ scope: 'organization', subject: 'x', amount: '1', period: 'day', mode: 'block' }, 'subject'],
    [{ scope: 'member', amount: '-1', period: 'day', mode: 'block' }, 'amount'],
    [{ scope: 'member', amount: '1', period: 'week', mode: 'block' }, 'period'],
    [{ scope: 'member', amount: '1', asset: 'gold', period: 'day', mode: 'block' }, 'asset'],
  ])('refuse %j by naming %s', async (body, path) => {
    const refused = await put('bad', body)
    expect(refused.status).toBe(422)
    expect((refused.body['errors'] as { path: string }[]).map((error) => error.path)).toContain(path)
  })
})

describe("a plan's allowance", () => {
  const use = (quantity: string, fields: object = {}) =>
    api.call('POST', '/usage', { body: { id: `evt-${randomUUID()}`, organization, meter, quantity, ...fields } })

  beforeEach(async () => {
    const plan = `plan-${randomUUID()}`
    const body = { name: 'Plan', monthly_price_cents: 0, allowances: [{ meter, quantity: '5' }], entitlements: [] }
    expect((await api.call('PUT', `/plans/${plan}`, { body })).status).toBe(200)
    expect((await api.call('PUT', `/organizations/${organization}/plan`, { body: { plan } })).status).toBe(200)
  })

  it('covers usage before credits are touched, in part where it ends, and is explained', async () => {
    const covered = await use('4')
    expect(covered.body).toMatchObject({ outcome: 'covered', amount: '0', covered_by_allowance: '4', entry: null })
    const split = await use('3')
    expect(split.body).toMatchObject({ outcome: 'charged', amount: '2', covered_by_allowance: '1', balance: '8' })
    const entry = await api.call('GET', `/organizations/${organization}/entries/${String(split.body['entry'])}`)
    expect(entry.body['arithmetic']).toMatchObject([{ quantity: '2', subtotal: '2' }, { rounded: '2' }])
    expect((await use('1')).body).toMatchObject({ covered_by_allowance: '0', amount: '1' })
  })

  it('is reserved by an authorization, used by its capture, and given back by its release', async () => {
    const first = await authorize({ meter, quantity: '4' })
    expect(first.body).toMatchObject({ amount: '0' })
    const second = await authorize({ meter, quantity: '4' })
    expect(second.body).toMatchObject({ amount: '3' })
    await act(first, 'release')
    const third = await authorize({ meter, quantity: '4' })
    expect(third.body).toMatchObject({ amount: '0' })
    const captured = await capture(third, { quantity: '4' })
    expect(captured.body).toMatchObject({ status: 'captured', amount: '0', entry: null })
    const rest = await capture(second, { quantity: '4' })
    expect(rest.body).toMatchObject({ amount: '3', captured: '3', balance: '7' })
    expect((await use('1')).body).toMatchObject({ amount: '1', covered_by_allowance: '0' })
    await expectWholeBooks()
  })

  it('that a hold has reserved in one period is not in the way of, nor taken from, holds of the next', async () => {
    const advance = (to: Date) =>
      api.call('POST', `/test_clock/${organization}/advance`, { body: { to: to.toISOString() } })
    const now = new Date()
    const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
    expect((await advance(new Date(next.getTime() - 60_000))).status).toBe(200)
    const old = await authorize({ meter, quantity: '5', expires_in: 3_600 })
    expect(old.body).toMatchObject({ amount: '0' })
    expect((await advance(new Date(next.getTime() + 60_000))).status).toBe(200)
    const fresh = await authorize({ meter, quantity: '5', expires_in: 3_600 })
    expect(fresh.body).toMatchObject({ amount: '0' })
    expect((await capture(old, { quantity: '5' })).body).toMatchObject({ amount: '5' })
    expect((await capture(fresh, { quantity: '5' })).body).toMatchObject({ amount: '0', balance: '5' })
    await expectWholeBooks()
  })

  it('covers usage from before and after a change of asset once, decided by two processes at once', async () => {
    await api.call('PUT', '/assets/token', { body: { name: 'Token', scale: 0 } })
    const moved = await addMeter({ model: 'per_unit', unit_price: '1' })
    const effective_from = new Date(Date.now() - 3_600_000).toISOString()
    const price = { model: 'per_unit', unit_price: '1', asset: 'token', effective_from }
    await api.call('POST', `/meters/${moved}/prices`, { body: price, headers: once() })
    const plan = `plan-${randomUUID()}`
    const body = {
      name: 'Plan',
      monthly_price_cents: 0,
      allowances: [{ meter: moved, quantity: '5' }],
      entitlements: [],
    }
    await api.call('PUT', `/plans/${plan}`, { body })
    for (let round = 0; round < 5; round += 1) {
      organization = await addOrganization('10')
      await grant(organization, { amount: '10', asset: 'token' })
      await api.call('PUT', `/organizations/${organization}/plan`, { body: { plan } })
      const account = await findAccountNamed('test', organization)
      if (account === null) throw new Error('the organization was not made')
      const record = (hoursAgo: number) => recordAlone(account, moved, new Date(Date.now() - hoursAgo * 3_600_000))
      const outcomes = await Promise.all([record(2), record(0)])
      expect(outcomes.toSorted()).toEqual(['charged', 'covered'])
    }
  })

  it('lets a hundred parallel events be covered exactly as far as it goes', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, () => use('1')))
    expect(all.filter(({ body }) => body['outcome'] === 'covered')).toHaveLength(5)
    expect(all.filter(({ body }) => body['outcome'] === 'charged')).toHaveLength(10)
    expect(all.filter(({ status }) => status === 402)).toHaveLength(15)
  })
})

describe('figures at the edge of what a wallet can hold', () => {
  const HUGE = '8999999990'
  const use = (quantity: string) =>
    api.call('POST', '/usage', { body: { id: `evt-${randomUUID()}`, organization, meter, quantity } })

  it('add up over a day and under a limit beyond any one amount', async () => {
    const body = { scope: 'organization', amount: '9000000000', period: 'total', mode: 'alert' }
    await api.call('PUT', `/organizations/${organization}/limits/all`, { body })
    await grant(organization, { amount: '8999999980' })
    expect((await use(HUGE)).status).toBe(201)
    await grant(organization, { amount: '7000000000' })
    expect((await use('7000000000')).status).toBe(201)
    await grant(organization, { amount: '7000000000' })
    expect((await use('6000000000')).status).toBe(201)
    expect(await wallet()).toMatchObject({ balance: '1000000000' })
    await expectWholeBooks()
  })
})
