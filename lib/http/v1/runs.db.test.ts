import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { stopApiKeyListening } from '@/lib/organizations/authenticate-api-key'
import { MOUNTS, openApi, type ApiClient } from '@/lib/testing/api'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(async () => {
  await stopApiKeyListening()
  await database.drop()
})

const HOUR_MS = 3_600_000

describe.each(MOUNTS)('runs by the %s', (mount) => {
  let api: ApiClient
  const meter = `gpu_${mount.length}`
  beforeAll(async () => {
    api = await openApi(mount)
    const name = { name: 'GPU S', unit: 'hour', heartbeat_timeout_seconds: null }
    expect((await api.call('PUT', `/meters/${meter}`, { body: name })).status).toBe(200)
    const price = { body: { model: 'per_unit', unit_price: '0.6' }, headers: { 'idempotency-key': randomUUID() } }
    expect((await api.call('POST', `/meters/${meter}/prices`, price)).status).toBe(201)
  })
  afterAll(() => api.close())

  async function addOrganization(amount: string): Promise<string> {
    const external_id = `org-${randomUUID()}`
    await api.call('POST', '/organizations', { body: { external_id, name: 'Acme' } })
    const grant = { organization: external_id, amount, purpose: 'a test' }
    await api.call('POST', '/grants', { body: grant, headers: { 'idempotency-key': randomUUID() } })
    return external_id
  }

  it('go from cold to stopped, and cost what ran', async () => {
    const organization = await addOrganization('10')
    const id = randomUUID()
    const started = await api.call('POST', '/runs', { body: { id, organization, meter, resource: 'llama' } })
    expect([started.status, started.body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^run_/) as string,
        external_id: id,
        organization: expect.stringMatching(/^org_/) as string,
        status: 'cold',
        started_at: expect.stringMatching(/Z$/) as string,
        ready_at: null,
        stopped_at: null,
        billed_quantity: '0',
        amount: '0',
        asset: 'credit',
        stop_reason: null,
      },
    ])
    const again = await api.call('POST', '/runs', { body: { id, organization, meter, resource: 'llama' } })
    expect([again.status, again.body]).toEqual([200, started.body])
    expect((await api.call('POST', '/runs', { body: { id, organization, meter } })).status).toBe(409)

    const run = String(started.body['id'])
    for (const [said, status] of [
      ['ready', 'running'],
      ['heartbeat', 'running'],
      ['pause', 'paused'],
      ['resume', 'running'],
      ['stop', 'stopped'],
    ] as const) {
      const answered = await api.call('POST', `/runs/${run}/${said}`, said === 'stop' ? { body: {} } : {})
      expect([answered.status, answered.body['status'], answered.body['billed_quantity']]).toEqual([200, status, '1'])
    }
    const read = await api.call('GET', `/runs/${id}`)
    expect(read.body).toMatchObject({ id: run, amount: '0.6', stop_reason: 'requested' })
    expect((await api.call('POST', `/runs/${run}/pause`)).body).toMatchObject({ status: 409, code: 'invalid_state' })

    const usage = await api.call('GET', `/organizations/${organization}/entries?kind=usage`)
    const [entry] = usage.body['data'] as readonly Record<string, unknown>[]
    expect(entry).toMatchObject({ amount: '-0.6', event_id: `${run}:0`, description: '1 h of GPU S on llama' })
    const why = await api.call('GET', `/organizations/${organization}/entries/${String(entry?.['id'])}`)
    expect(why.body).toMatchObject({ arithmetic: [{ step: 'units', quantity: '1', subtotal: '0.6' }, {}] })
  })

  it('are billed on while a test clock is moved, to the minute at which it comes to stand', async () => {
    const organization = await addOrganization('10')
    const { body } = await api.call('POST', '/runs', { body: { id: randomUUID(), organization, meter } })
    const run = String(body['id'])
    const ready = await api.call('POST', `/runs/${run}/ready`)
    const begin = new Date(String(ready.body['ready_at'])).getTime()
    const advance = (ms: number) =>
      api.call('POST', `/test_clock/${organization}/advance`, { body: { to: new Date(begin + ms).toISOString() } })

    expect((await advance(9.5 * HOUR_MS)).status).toBe(200)
    expect((await api.call('GET', `/runs/${run}`)).body).toMatchObject({ status: 'running', billed_quantity: '10' })
    expect((await advance(10 * HOUR_MS)).status).toBe(200)
    const stopped = await api.call('POST', `/runs/${run}/stop`)
    expect(stopped.body).toMatchObject({ status: 'stopped', billed_quantity: '10', amount: '6' })
    const balance = await api.call('GET', `/organizations/${organization}/balance`)
    expect(balance.body).toMatchObject({ wallets: [{ balance: '4' }] })
  })

  it('refuse what they cannot do, in the words of the API', async () => {
    const organization = await addOrganization('0.5')
    const start = (fields: object) =>
      api.call('POST', '/runs', { body: { id: randomUUID(), organization, meter, ...fields } })
    const problem = async (answered: Promise<Awaited<ReturnType<typeof start>>>) => {
      const { status, body } = await answered
      return [status, body['code'], ((body['errors'] ?? []) as { path: string }[]).map(({ path }) => path)]
    }
    expect(await problem(start({}))).toEqual([402, 'insufficient_credits', []])
    expect(await problem(start({ meter: 'nothing' }))).toEqual([422, 'unknown_meter', []])
    expect(await problem(start({ organization: 'nobody' }))).toEqual([404, 'not_found', []])
    expect(await problem(start({ feature: 'x', quantity: 1 }))).toEqual([422, 'invalid_input', ['feature', 'quantity']])
    expect(await problem(start({ at: 'yesterday' }))).toEqual([422, 'invalid_input', ['at']])

    const { body } = await api.call('POST', '/runs', {
      body: { id: randomUUID(), organization: await addOrganization('5'), meter },
    })
    const stop = (sent: object) => api.call('POST', `/runs/${String(body['id'])}/stop`, sent)
    const past = new Date(new Date(String(body['started_at'])).getTime() - 1).toISOString()
    expect(await problem(stop({ body: { at: past } }))).toEqual([422, 'invalid_input', ['at']])
    expect(await problem(stop({ body: { when: past } }))).toEqual([422, 'invalid_input', ['when']])
    expect(await problem(stop({ raw: '{' }))).toEqual([400, 'malformed_json', []])
    expect(await problem(stop({ raw: 'at=1', headers: { 'content-type': 'text/plain' } }))).toEqual([
      415,
      'unsupported_media_type',
      [],
    ])
    expect(await problem(stop({ key: api.liveKey }))).toEqual([404, 'not_found', []])
    expect(await problem(api.call('GET', '/runs/run_01h455vb4pex5vsknk084sn02q'))).toEqual([404, 'not_found', []])
    expect((await stop({})).body).toMatchObject({ status: 'stopped', billed_quantity: '0' })
  })

  it('use the allowance of a plan first, and a run begins as long as that or credit is left', async () => {
    const organization = await addOrganization('0.7')
    const plan = `plan-${randomUUID()}`
    const terms = { name: 'Plan', monthly_price_cents: 0, allowances: [{ meter, quantity: '1' }], entitlements: [] }
    expect((await api.call('PUT', `/plans/${plan}`, { body: terms })).status).toBe(200)
    expect((await api.call('PUT', `/organizations/${organization}/plan`, { body: { plan } })).status).toBe(200)
    const runFor = async (said: 'ready' | 'stop') => {
      const { body } = await api.call('POST', '/runs', { body: { id: randomUUID(), organization, meter } })
      return (await api.call('POST', `/runs/${String(body['id'])}/${said}`)).body
    }
    expect(await runFor('ready')).toMatchObject({ status: 'running', billed_quantity: '1', amount: '0' })
    expect(await runFor('ready')).toMatchObject({ status: 'running', billed_quantity: '1', amount: '0.6' })
    const third = await api.call('POST', '/runs', { body: { id: randomUUID(), organization, meter } })
    expect([third.status, third.body['available']]).toEqual([402, '0.1'])
  })

  it('of a Lite member are paid from the member’s own credit and never by the card', async () => {
    const organization = await addOrganization('100')
    const policy = await api.call('PUT', `/organizations/${organization}/policy`, { body: { at_zero: 'charge_card' } })
    expect(policy.status).toBe(200)
    const member = { seat: 'lite', lite_allocation: { asset: 'credit', amount: '0.7' } }
    expect((await api.call('PUT', `/organizations/${organization}/members/leo`, { body: member })).status).toBe(200)
    const { body } = await api.call('POST', '/runs', { body: { id: randomUUID(), organization, meter, member: 'leo' } })
    const run = String(body['id'])
    const ready = await api.call('POST', `/runs/${run}/ready`)
    expect(ready.body).toMatchObject({ status: 'running', amount: '0.6' })
    const to = new Date(new Date(String(ready.body['ready_at'])).getTime() + 1.5 * HOUR_MS).toISOString()
    expect((await api.call('POST', `/test_clock/${organization}/advance`, { body: { to } })).status).toBe(200)
    expect((await api.call('GET', `/runs/${run}`)).body).toMatchObject({
      status: 'stopped',
      stop_reason: 'insufficient_credits',
      billed_quantity: '1',
    })
    const balance = await api.call('GET', `/organizations/${organization}/balance`)
    expect(
      (balance.body['wallets'] as { balance: string; debt: string }[]).map((each) => [each.balance, each.debt]),
    ).toContainEqual(['100', '0'])
  })

  it('keep the ids of their usage to themselves', async () => {
    const organization = await addOrganization('5')
    const event = { id: 'run_01h455vb4pex5vsknk084sn02q:60', organization, meter, quantity: '1' }
    expect((await api.call('POST', '/usage', { body: event })).body).toMatchObject({ errors: [{ path: 'id' }] })
    expect((await api.call('POST', '/usage', { body: { ...event, id: 'run_1:60' } })).status).toBe(201)
  })
})
