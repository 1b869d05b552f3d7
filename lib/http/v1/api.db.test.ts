import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { MOUNTS, openApi, type Answered, type ApiClient } from '@/lib/testing/api'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { query } from '@/lib/db/pool'
import { stopApiKeyListening } from '@/lib/organizations/authenticate-api-key'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(async () => {
  await stopApiKeyListening()
  await database.drop()
})

const ASSET_KEY = 'credit'

describe.each(MOUNTS)('the machine API by its %s', (mount) => {
  let api: ApiClient
  let meter: string

  beforeAll(async () => {
    api = await openApi(mount)
    meter = await addMeter({ model: 'per_unit', unit_price: '0.004' })
  })
  afterAll(() => api.close())

  async function addMeter(price: object | null): Promise<string> {
    const key = `m-${randomUUID()}`
    expect((await api.call('PUT', `/meters/${key}`, { body: { name: 'Rule run', unit: 'count' } })).status).toBe(200)
    if (price !== null) {
      const effective_from = new Date(Date.now() - 3_600_000).toISOString()
      const made = await api.call('POST', `/meters/${key}/prices`, {
        body: { ...price, effective_from },
        headers: once(),
      })
      expect(made.text).toContain('"id":"prc_')
    }
    return key
  }
  const once = (key: string = randomUUID()) => ({ 'idempotency-key': key })

  async function addOrganization(credits: string | null = null, key = api.testKey): Promise<string> {
    const external_id = `org-${randomUUID()}`
    const made = await api.call('POST', '/organizations', { body: { external_id, name: 'Acme' }, key })
    expect(made.status).toBe(201)
    if (credits !== null) {
      const body = { organization: external_id, amount: credits, purpose: 'a test' }
      expect((await api.call('POST', '/grants', { body, headers: once(), key })).status).toBe(201)
    }
    return external_id
  }
  const event = (organization: string, fields: object = {}) => ({
    id: `evt-${randomUUID()}`,
    organization,
    meter,
    quantity: '2500',
    ...fields,
  })
  const balanceOf = async (organization: string) =>
    (await api.call('GET', `/organizations/${organization}/balance`)).body['wallets']
  async function rowsOf(organization: string): Promise<bigint> {
    const [row] = await query(
      `SELECT (SELECT count(*) FROM entry WHERE account_id = a.id) + (SELECT count(*) FROM usage_event WHERE account_id = a.id)
         AS rows FROM billing_account a WHERE external_id = $1`,
      [organization],
    )
    return row?.['rows'] as bigint
  }

  describe('organizations', () => {
    it('are made once: 201, then 200 with the same body, then 409 with another', async () => {
      const body = { external_id: `org-${randomUUID()}`, name: 'Acme', time_zone: 'Europe/Berlin' }
      const made = await api.call('POST', '/organizations', { body })
      expect(made.status).toBe(201)
      expect(made.body).toMatchObject({ ...body, mode: 'test', plan: null, policy: { at_zero: { value: 'deny' } } })
      const again = await api.call('POST', '/organizations', { body })
      expect([again.status, again.body['id']]).toEqual([200, made.body['id']])
      expectProblem(await api.call('POST', '/organizations', { body: { ...body, name: 'Other' } }), 409, 'conflict')
      const read = await api.call('GET', `/organizations/${String(made.body['id'])}`)
      expect(read.body).toEqual(made.body)
    })

    it('of the other mode do not exist', async () => {
      const organization = await addOrganization('1')
      const key = api.liveKey
      for (const path of ['', '/balance', '/entries', '/grants']) {
        expectProblem(await api.call('GET', `/organizations/${organization}${path}`, { key }), 404, 'not_found')
      }
      expectProblem(await api.call('POST', '/usage', { body: event(organization), key }), 404, 'not_found')
    })

    it('have a policy of which each value says where it comes from', async () => {
      const organization = await addOrganization()
      const path = `/organizations/${organization}/policy`
      await api.call('PUT', path, { body: { minimum_purchase_cents: 1000 } })
      const changed = await api.call('PUT', path, { body: { at_zero: 'pause_runs' } })
      expect(changed.body).toMatchObject({
        at_zero: { value: 'pause_runs', source: 'account' },
        minimum_purchase_cents: { value: 1000, source: 'account' },
        packs: { source: 'default' },
      })
      expectProblem(await api.call('PUT', path, { body: { at_zero: 'maybe' } }), 422, 'invalid_input')
    })
  })

  describe('usage', () => {
    it('is charged exactly, answers its headers, and a replay answers the first figures', async () => {
      const organization = await addOrganization('100')
      const body = event(organization)
      const first = await api.call('POST', '/usage', { body })
      expect(first.status).toBe(201)
      expect(first.body).toMatchObject({
        id: body.id,
        outcome: 'charged',
        asset: ASSET_KEY,
        amount: '10',
        covered_by_allowance: '0',
        balance: '90',
        available: '90',
      })
      expect(first.body['entry']).toMatch(/^ent_/)
      expect(first.headers.get('x-credits-cost')).toBe('10')
      expect(first.headers.get('x-credits-available')).toBe('90')
      expect(first.headers.get('x-credits-asset')).toBe(ASSET_KEY)
      await api.call('POST', '/usage', { body: event(organization) })
      const replay = await api.call('POST', '/usage', { body: { ...body, quantity: 2500 } })
      expect(replay.status).toBe(200)
      expect(replay.body).toEqual({ ...first.body, outcome: 'duplicate' })
      expectProblem(await api.call('POST', '/usage', { body: { ...body, quantity: '1' } }), 409, 'idempotency_conflict')
      expect(await balanceOf(organization)).toMatchObject([{ balance: '80', available: '80', debt: '0' }])
    })

    it('that is not covered is refused with what is missing and where to buy, and frees its id', async () => {
      const organization = await addOrganization('9')
      const body = event(organization)
      const refused = await api.call('POST', '/usage', { body })
      expectProblem(refused, 402, 'insufficient_credits')
      expect(refused.body).toMatchObject({ required: '10', available: '9', asset: ASSET_KEY })
      expect(refused.body['buy_url']).toMatch(/^http:\/\/localhost:3000\/o\/[a-z0-9-]+\/buy$/)
      const more = { organization, amount: '1', purpose: 'more' }
      await api.call('POST', '/grants', { body: more, headers: once() })
      expect((await api.call('POST', '/usage', { body })).status).toBe(201)
    })

    it('at a price of zero is free and writes no entry; a package charges when it is begun', async () => {
      const organization = await addOrganization('10')
      const free = await addMeter({ model: 'per_unit', unit_price: '0' })
      const answered = await api.call('POST', '/usage', { body: event(organization, { meter: free }) })
      expect(answered.body).toMatchObject({ outcome: 'free', amount: '0', entry: null, balance: '10' })
      const pack = await addMeter({ model: 'package', package_size: '100', package_price: '1' })
      const runs = [60, 40, 1].map((quantity) => event(organization, { meter: pack, quantity }))
      const batch = await api.call('POST', '/usage/batch', { body: { events: runs } })
      expect(batch.body['results']).toMatchObject([
        { outcome: 'charged', amount: '1' },
        { outcome: 'charged', amount: '0', entry: null },
        { outcome: 'charged', amount: '1', balance: '8' },
      ])
    })

    it.each([
      [{ meter: 'nothing-known' }, 'unknown_meter'],
      [{ occurred_at: '2001-01-01T00:00:00Z' }, 'invalid_input'],
      [{ quantity: '-1' }, 'invalid_input'],
      [{ quantity: 1.5 }, 'invalid_input'],
      [{ quantity: '1000000000000001' }, 'invalid_input'],
      [{ surprise: 1 }, 'invalid_input'],
    ])('refuses %j as %s and writes nothing', async (fields, code) => {
      const organization = await addOrganization('100')
      expectProblem(await api.call('POST', '/usage', { body: event(organization, fields) }), 422, code)
      expect(await rowsOf(organization)).toBe(1n)
    })

    it('refuses a meter without a price in force', async () => {
      const organization = await addOrganization('100')
      const bare = await addMeter(null)
      expectProblem(await api.call('POST', '/usage', { body: event(organization, { meter: bare }) }), 422, 'unpriced')
    })

    it('of an unknown organization is 404', async () => {
      expectProblem(await api.call('POST', '/usage', { body: event('nobody-at-all') }), 404, 'not_found')
    })

    it('of 100 parallel events with credit for 60 charges exactly 60 and refuses 40', async () => {
      const organization = await addOrganization('600')
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => api.call('POST', '/usage', { body: event(organization) })),
      )
      const statuses = answers.map(({ status }) => status)
      expect(statuses.filter((status) => status === 201)).toHaveLength(60)
      expect(statuses.filter((status) => status === 402)).toHaveLength(40)
      expect(await balanceOf(organization)).toMatchObject([{ balance: '0', available: '0', debt: '0' }])
    })
  })

  describe('a batch', () => {
    it('answers in order, each event by itself, for several organizations at once', async () => {
      const [rich, poor] = [await addOrganization('100'), await addOrganization('5')]
      const events = [
        event(rich),
        event(poor),
        { id: 'bad', quantity: true },
        event('nobody-at-all'),
        null,
        event(rich, { meter: 'nothing-known' }),
        event(rich),
      ]
      const answered = await api.call('POST', '/usage/batch', { body: { events } })
      expect(answered.status).toBe(200)
      expect(answered.body['results']).toMatchObject([
        { outcome: 'charged', balance: '90' },
        { error: { code: 'insufficient_credits', status: 402, available: '5' } },
        { id: 'bad', error: { code: 'invalid_input', status: 422 } },
        { error: { code: 'not_found', status: 404 } },
        { id: null, error: { code: 'invalid_input' } },
        { error: { code: 'unknown_meter' } },
        { outcome: 'charged', balance: '80' },
      ])
    })

    it('sent twice at once charges each event once', async () => {
      const organization = await addOrganization('1000')
      const events = Array.from({ length: 50 }, () => event(organization))
      const [one, other] = await Promise.all([
        api.call('POST', '/usage/batch', { body: { events } }),
        api.call('POST', '/usage/batch', { body: { events: events.toReversed() } }),
      ])
      const outcomes = [one, other].flatMap(({ body }) =>
        (body['results'] as { outcome: string }[]).map(({ outcome }) => outcome),
      )
      expect(outcomes.filter((outcome) => outcome === 'charged')).toHaveLength(50)
      expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(50)
      expect(await balanceOf(organization)).toMatchObject([{ balance: '500' }])
    })

    it('of none or of more than a thousand is refused', async () => {
      for (const length of [0, 1001]) {
        const events = Array.from({ length }, () => 1)
        expectProblem(await api.call('POST', '/usage/batch', { body: { events } }), 422, 'invalid_input')
      }
    })
  })

  describe('grants', () => {
    it('need a key, are made once per key, and a replay answers the same to the letter', async () => {
      const organization = await addOrganization()
      const body = { organization, amount: '12.5', purpose: 'Welcome', source: 'trial' }
      expectProblem(await api.call('POST', '/grants', { body }), 400, 'idempotency_key_required')
      const key = randomUUID()
      const first = await api.call('POST', '/grants', { body, headers: once(key) })
      expect(first.status).toBe(201)
      expect(first.body).toMatchObject({
        amount: '12.5',
        remaining: '12.5',
        status: 'active',
        source: 'trial',
        priority: 50,
      })
      const replay = await api.call('POST', '/grants', { body: { ...body, priority: 50 }, headers: once(key) })
      expect([replay.status, replay.text]).toEqual([201, first.text])
      expect(replay.headers.get('idempotent-replayed')).toBe('true')
      expect(first.headers.get('idempotent-replayed')).toBeNull()
      const other = await api.call('POST', '/grants', { body: { ...body, amount: '13' }, headers: once(key) })
      expectProblem(other, 409, 'idempotency_conflict')
      expect(await balanceOf(organization)).toMatchObject([{ balance: '12.5' }])
      const id = String(first.body['id'])
      expect((await api.call('GET', `/grants/${id}`)).body).toEqual(first.body)
      expectProblem(await api.call('GET', `/grants/${id}`, { key: api.liveKey }), 404, 'not_found')
      expect((await api.call('GET', `/organizations/${organization}/grants`)).body).toEqual({ data: [first.body] })
    })

    it('sent ten times at once with one key are made once', async () => {
      const organization = await addOrganization()
      const headers = once()
      const body = { organization, amount: '7', purpose: 'Once' }
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => api.call('POST', '/grants', { body, headers })),
      )
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
      expect(answers.filter(({ headers: sent }) => sent.get('idempotent-replayed') === 'true')).toHaveLength(9)
      expect(await balanceOf(organization)).toMatchObject([{ balance: '7' }])
    })

    it('that are refused free the key', async () => {
      const organization = await addOrganization()
      const headers = once()
      const body = { organization, amount: '1.0000000001', purpose: 'Too fine' }
      expectProblem(await api.call('POST', '/grants', { body, headers }), 422, 'invalid_input')
      const wrongAsset = await api.call('POST', '/grants', { body: { ...body, amount: '1', asset: 'gold' }, headers })
      expectProblem(wrongAsset, 422, 'invalid_input')
      expect((await api.call('POST', '/grants', { body: { ...body, amount: '1' }, headers })).status).toBe(201)
    })

    it('are spent in order: what expires first, what is scoped only on its meter', async () => {
      const organization = await addOrganization()
      const give = (fields: object) =>
        api.call('POST', '/grants', { body: { organization, amount: '20', purpose: 'x', ...fields }, headers: once() })
      const late = await give({})
      const soon = await give({ expires_at: new Date(Date.now() + 86_400_000).toISOString() })
      const other = await give({ scope: { meters: ['something-else'] } })
      const used = await api.call('POST', '/usage', { body: event(organization, { quantity: '7500' }) })
      const path = `/organizations/${organization}/entries/${String(used.body['entry'])}`
      const entry = await api.call('GET', path)
      expect(entry.body['allocations']).toEqual([
        { grant: soon.body['id'], amount: '-20', order: 1 },
        { grant: late.body['id'], amount: '-10', order: 2 },
      ])
      const left = await api.call('POST', '/usage', { body: event(organization, { quantity: '5000' }) })
      expect(left.body).toMatchObject({ code: 'insufficient_credits', available: '10' })
      expect((await api.call('GET', `/grants/${String(other.body['id'])}`)).body).toMatchObject({ remaining: '20' })
      expect(await balanceOf(organization)).toMatchObject([{ balance: '30', available: '30', unrestricted: '10' }])
    })
  })

  describe('the journal', () => {
    it('pages newest first by entry id in both directions, without a gap or a repeat', async () => {
      const organization = await addOrganization('1000')
      const events = Array.from({ length: 23 }, () => event(organization, { quantity: '1' }))
      await api.call('POST', '/usage/batch', { body: { events } })
      const path = `/organizations/${organization}/entries`
      const all = pageOf(await api.call('GET', `${path}?limit=200`))
      expect(all.ids).toHaveLength(24)
      expect(all.ids).toEqual([...all.ids].sort().reverse())
      const seen: string[] = []
      for (let cursor = '', hasMore = true; hasMore; cursor = `&starting_after=${seen.at(-1) ?? ''}`) {
        const page = pageOf(await api.call('GET', `${path}?limit=5${cursor}`))
        seen.push(...page.ids)
        hasMore = page.hasMore
      }
      expect(seen).toEqual(all.ids)
      const back = pageOf(await api.call('GET', `${path}?limit=5&ending_before=${all.ids[10] ?? ''}`))
      expect([back.ids, back.hasMore]).toEqual([all.ids.slice(5, 10), true])
      const top = pageOf(await api.call('GET', `${path}?limit=10&ending_before=${all.ids[5] ?? ''}`))
      expect([top.ids, top.hasMore]).toEqual([all.ids.slice(0, 5), false])
    })

    it('filters by kind, asset and when it occurred', async () => {
      const organization = await addOrganization('1000')
      const occurred_at = new Date(Date.now() - 40 * 60_000).toISOString()
      const early = await api.call('POST', '/usage', { body: event(organization, { occurred_at }) })
      const now = await api.call('POST', '/usage', { body: event(organization) })
      const path = `/organizations/${organization}/entries`
      const ids = async (filter: string) => pageOf(await api.call('GET', `${path}?${filter}`)).ids
      const grants = await ids('kind=grant')
      expect(grants).toHaveLength(1)
      expect(await ids('kind=usage')).toEqual([now.body['entry'], early.body['entry']])
      const half = encodeURIComponent(new Date(Date.now() - 20 * 60_000).toISOString())
      expect(await ids(`to=${half}`)).toEqual([early.body['entry']])
      expect(await ids(`from=${half}`)).toEqual([now.body['entry'], ...grants])
      expect(await ids(`from=${encodeURIComponent(occurred_at)}&to=${half}&kind=usage`)).toEqual([early.body['entry']])
      expect(await ids('asset=credit')).toHaveLength(3)
      expect(await ids('asset=other')).toEqual([])
    })

    it.each([
      'limit=0',
      'limit=201',
      'limit=x',
      'starting_after=ent_nope',
      'page=2',
      'limit=1&limit=2',
      'from=yesterday',
    ])('refuses ?%s by the name of the parameter', async (filter) => {
      const organization = await addOrganization()
      const answered = await api.call('GET', `/organizations/${organization}/entries?${filter}`)
      expectProblem(answered, 422, 'invalid_input')
      expect(answered.body['errors']).toMatchObject([{ path: filter.split('=')[0] }])
    })

    it('explains an entry: arithmetic that adds up, price version, allocations; of another organization it is 404', async () => {
      const organization = await addOrganization('100')
      const used = await api.call('POST', '/usage', { body: event(organization) })
      const path = `/organizations/${organization}/entries/${String(used.body['entry'])}`
      const entry = await api.call('GET', path)
      expect(entry.body).toMatchObject({
        kind: 'usage',
        amount: '-10',
        balance_after: '90',
        hold: null,
        price: { model: 'per_unit', unit_price: '0.004', meter, asset: ASSET_KEY },
        arithmetic: [
          { step: 'units', quantity: '2500', price: '0.004', subtotal: '10' },
          { step: 'rounding', exact: '10', rounded: '10' },
        ],
        allocations: [{ amount: '-10', order: 1 }],
      })
      expect(entry.body['actor']).toMatch(/^key:key_/)
      const stranger = await addOrganization('1')
      expectProblem(await api.call('GET', path.replace(organization, stranger)), 404, 'not_found')
      expectProblem(await api.call('GET', path, { key: api.liveKey }), 404, 'not_found')
      expectProblem(await api.call('GET', `/organizations/${organization}/entries/ent_x`), 404, 'not_found')
    })
  })

  describe('the catalogue', () => {
    it('keeps the scale of an asset that is used', async () => {
      const body = { name: 'Credits', scale: 9, usd_price: '1' }
      expect((await api.call('PUT', '/assets/credit', { body })).body).toEqual({ code: 'credit', ...body })
      await addOrganization('1')
      expectProblem(await api.call('PUT', '/assets/credit', { body: { ...body, scale: 2 } }), 409, 'conflict')
      const list = await api.call('GET', '/assets')
      expect(list.body['data']).toContainEqual({ code: 'credit', ...body })
    })

    it('adds price versions once per key, never two at one instant, never before what was rated', async () => {
      const key = await addMeter(null)
      const path = `/meters/${key}/prices`
      const effective_from = new Date(Date.now() - 7_200_000).toISOString()
      const body = { model: 'per_unit', unit_price: '1', effective_from }
      expectProblem(await api.call('POST', path, { body }), 400, 'idempotency_key_required')
      const headers = once()
      const made = await api.call('POST', path, { body, headers })
      expect(made.status).toBe(201)
      expect((await api.call('POST', path, { body, headers })).text).toBe(made.text)
      expectProblem(await api.call('POST', path, { body, headers: once() }), 409, 'conflict')
      const organization = await addOrganization('10')
      await api.call('POST', '/usage', { body: event(organization, { meter: key, quantity: '1' }) })
      const past = { ...body, effective_from: new Date(Date.now() - 60_000).toISOString() }
      expectProblem(await api.call('POST', path, { body: past, headers: once() }), 409, 'conflict')
      const next = {
        model: 'per_unit',
        unit_price: '2',
        effective_from: new Date(Date.now() + 3_600_000).toISOString(),
      }
      expect((await api.call('POST', path, { body: next, headers: once() })).status).toBe(201)
      const list = await api.call('GET', path)
      expect(list.body['data']).toMatchObject([{ unit_price: '1' }, { unit_price: '2' }])
      expectProblem(await api.call('GET', '/meters/none/prices'), 404, 'not_found')
    })

    it('a new price is used by the very next event', async () => {
      const organization = await addOrganization('10')
      const key = await addMeter({ model: 'per_unit', unit_price: '1' })
      const use = () => api.call('POST', '/usage', { body: event(organization, { meter: key, quantity: '1' }) })
      expect((await use()).body).toMatchObject({ amount: '1' })
      await api.call('POST', `/meters/${key}/prices`, { body: { model: 'per_unit', unit_price: '2' }, headers: once() })
      expect((await use()).body).toMatchObject({ amount: '2' })
    })
  })

  describe('the wrapper', () => {
    it('asks for a key, and says how', async () => {
      for (const key of [null, 'sk_test_wrong', `sk_test_${'a'.repeat(43)}`]) {
        const refused = await api.call('GET', '/meters', { key })
        expectProblem(refused, 401, 'unauthenticated')
        expect(refused.headers.get('www-authenticate')).toContain('Bearer')
      }
    })

    it('answers unknown paths with 404, other methods with 405 and Allow, HEAD and OPTIONS without a body', async () => {
      expectProblem(await api.call('GET', '/nothing'), 404, 'not_found')
      expectProblem(await api.call('GET', '/organizations/%E0%A4%A/balance'), 404, 'not_found')
      expectProblem(await api.call('GET', '/organizations/a%00b/balance'), 404, 'not_found')
      expectProblem(await api.call('GET', `/${'x'.repeat(3000)}`), 404, 'not_found')
      const wrong = await api.call('DELETE', '/usage')
      expectProblem(wrong, 405, 'method_not_allowed')
      expect(wrong.headers.get('allow')).toBe('POST, OPTIONS')
      const head = await api.call('HEAD', '/meters')
      expect([head.status, head.text]).toEqual([200, ''])
      const options = await api.call('OPTIONS', '/meters')
      expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS'])
    })

    it('refuses bodies that are too large, not JSON, or not said to be', async () => {
      const big = JSON.stringify({ events: ['x'.repeat(1_100_000)] })
      expectProblem(await api.call('POST', '/usage/batch', { raw: big }), 413, 'too_large')
      expectProblem(await api.call('POST', '/usage/batch', { raw: endless() }), 413, 'too_large')
      const xml = { 'content-type': 'text/xml' }
      expectProblem(await api.call('POST', '/usage', { raw: '{}', headers: xml }), 415, 'unsupported_media_type')
      const gzip = { 'content-encoding': 'gzip' }
      expectProblem(await api.call('POST', '/usage', { raw: '{}', headers: gzip }), 415, 'unsupported_media_type')
      for (const raw of [
        '',
        '{',
        '{"id":"a","id":"b"}',
        '['.repeat(40) + ']'.repeat(40),
        new Uint8Array([34, 0xff, 34]),
      ]) {
        expectProblem(await api.call('POST', '/usage', { raw }), 400, 'malformed_json')
      }
    })

    it('answers its interface as OpenAPI 3.1 without a key, with every route', async () => {
      const document = await api.call('GET', '/openapi.json', { key: null })
      expect(document.status).toBe(200)
      expect(document.body['openapi']).toBe('3.1.0')
      const paths = Object.keys(document.body['paths'] as object)
      expect(paths).toContain('/usage/batch')
      expect(paths).toContain('/organizations/{org}/entries/{id}')
      expect(document.text).toContain('"#/components/schemas/UsageEvent"')
    })

    it('gives every answer an id of its own and lets nobody store it', async () => {
      const [one, other] = [await api.call('GET', '/meters'), await api.call('GET', '/nothing')]
      expect(one.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{24}$/)
      expect(one.headers.get('x-request-id')).not.toBe(other.headers.get('x-request-id'))
      expect(one.headers.get('cache-control')).toBe('no-store')
    })
  })
})

function pageOf({ status, body }: Answered): { readonly ids: readonly string[]; readonly hasMore: boolean } {
  expect(status).toBe(200)
  return { ids: (body['data'] as { id: string }[]).map(({ id }) => id), hasMore: body['has_more'] as boolean }
}

function expectProblem(answered: Answered, status: number, code: string): void {
  const { status: answeredStatus, body, headers } = answered
  expect({ status: answeredStatus, code: body['code'] }).toEqual({ status, code })
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(body).toMatchObject({ status, type: `urn:purser:problem:${code}` })
  expect(body['request_id']).toBe(headers.get('x-request-id'))
  expect(String(body['title'])).not.toBe('')
  expect(String(body['detail'])).toMatch(/[.…]$/)
}

/** Two megabytes that do not say how many they are. */
function endless(): ReadableStream<Uint8Array> {
  let left = 32
  return new ReadableStream({
    pull: (controller) => {
      left -= 1
      if (left < 0) controller.close()
      else controller.enqueue(new Uint8Array(65_536).fill(32))
    },
  })
}
