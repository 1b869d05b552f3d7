import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { stopApiKeyListening } from '@/lib/organizations/authenticate-api-key'
import { MOUNTS, openApi, type ApiClient } from '@/lib/testing/api'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { definePrice } from '@/lib/testing/ledger-factory'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'run', name: 'Rule run', unit: 'count' }, { model: 'per_unit', unit_price: '1' })
  await definePrice({ key: 'ping', name: 'Ping', unit: 'count' }, { model: 'per_unit', unit_price: '0' })
})
afterAll(async () => {
  await stopApiKeyListening()
  await database.drop()
})

describe.each(MOUNTS)('what is taken back by the %s', (mount) => {
  let api: ApiClient
  let organization: string
  let grant: string

  beforeAll(async () => {
    api = await openApi(mount)
  })
  afterAll(() => api.close())
  beforeEach(async () => {
    organization = `org-${randomUUID()}`
    await api.call('POST', '/organizations', { body: { external_id: organization, name: 'Acme' } })
    const body = { organization, amount: '10', purpose: 'Welcome' }
    grant = String((await api.call('POST', '/grants', { body, headers: once() })).body['id'])
  })

  const once = (key: string = randomUUID()) => ({ 'idempotency-key': key })
  const use = async (meter: string, quantity: string) => {
    const id = `evt/${randomUUID()}`
    const used = await api.call('POST', '/usage', { body: { id, organization, meter, quantity } })
    return { id, path: `/usage/${encodeURIComponent(id)}/reversal`, entry: used.body['entry'] }
  }
  const balance = async () => (await api.call('GET', `/organizations/${organization}/balance`)).body['wallets']

  it('is a voided grant: 200, the same once more, and 404 in the other mode', async () => {
    await use('run', '4')
    const voided = await api.call('POST', `/grants/${grant}/void`)
    expect(voided.status).toBe(200)
    expect(voided.body).toMatchObject({ id: grant, status: 'void', amount: '10', remaining: '0' })
    const again = await api.call('POST', `/grants/${grant}/void`)
    expect([again.status, again.text]).toEqual([200, voided.text])
    expect(await balance()).toMatchObject([{ balance: '0', available: '0' }])
    expect((await api.call('POST', `/grants/${grant}/void`, { key: api.liveKey })).status).toBe(404)
    expect((await api.call('POST', '/grants/nothing/void')).status).toBe(404)
  })

  it('is the held part of a voided grant as soon as it is released', async () => {
    const body = { organization, asset: 'credit', amount: '3' }
    const hold = String((await api.call('POST', '/authorizations', { body, headers: once() })).body['id'])
    const voided = await api.call('POST', `/grants/${grant}/void`)
    expect(voided.body).toMatchObject({ status: 'void', remaining: '3', held: '3' })
    expect(await balance()).toMatchObject([{ balance: '3', held: '3', available: '0' }])
    expect((await api.call('POST', `/authorizations/${hold}/release`)).body).toMatchObject({ status: 'released' })
    expect(await balance()).toMatchObject([{ balance: '0', held: '0', available: '0' }])
    const { data } = (await api.call('GET', `/organizations/${organization}/entries`)).body
    expect(data).toMatchObject([
      { kind: 'reversal', amount: '-3' },
      { kind: 'reversal', amount: '-7' },
      { kind: 'grant' },
    ])
  })

  it('is a charge: 201 with the entry, which the journal then has, and the same on replay', async () => {
    const { path, id, entry } = await use('run', '4')
    const headers = once()
    const reversed = await api.call('POST', path, { body: { organization, amount: '1.5' }, headers })
    expect(reversed.status).toBe(201)
    const expected = { kind: 'reversal', amount: '1.5', balance_after: '7.5', event_id: id, reverses: entry, grant }
    expect(reversed.body).toMatchObject(expected)
    const replay = await api.call('POST', path, { body: { organization, amount: '1.5' }, headers })
    expect([replay.status, replay.text, replay.headers.get('idempotent-replayed')]).toEqual([
      201,
      reversed.text,
      'true',
    ])
    const [newest] = (await api.call('GET', `/organizations/${organization}/entries`)).body['data'] as unknown[]
    expect(newest).toEqual(reversed.body)
    expect(await balance()).toMatchObject([{ balance: '7.5', available: '7.5' }])
  })

  it('is, of debt that given credit repaid whole, credit that ends when that would have', async () => {
    const policy = { at_zero: 'overdraft', overdraft_limit: '100' }
    await api.call('PUT', `/organizations/${organization}/policy`, { body: policy })
    const { path } = await use('run', '15')
    const expires_at = new Date(Date.now() + 86_400_000).toISOString()
    const body = { organization, amount: '5', purpose: 'Goodwill', expires_at }
    expect((await api.call('POST', '/grants', { body, headers: once() })).body).toMatchObject({
      amount: '0',
      expires_at,
    })
    expect((await api.call('POST', path, { body: { organization, amount: '7' }, headers: once() })).status).toBe(201)
    const { data } = (await api.call('GET', `/organizations/${organization}/grants`)).body
    expect(data).toMatchObject([
      { remaining: '5', expires_at, source: 'adjustment', purpose: 'Taken back: 15 × Rule run' },
      { id: grant, remaining: '2', expires_at: null },
    ])
  })

  it('is never more than was charged, nor anything of what cost nothing or does not exist', async () => {
    const { path } = await use('run', '4')
    const free = await use('ping', '1')
    const attempt = (to: string, body: object, key = api.testKey) =>
      api.call('POST', to, { body: { organization, ...body }, headers: once(), key })
    const tooMuch = await attempt(path, { amount: '4.1' })
    expect(tooMuch.status).toBe(422)
    expect(tooMuch.body).toMatchObject({ code: 'invalid_input', errors: [{ path: 'amount' }] })
    const nothing = await attempt(free.path, {})
    expect([nothing.status, nothing.body['code']]).toEqual([409, 'invalid_state'])
    expect((await attempt('/usage/none/reversal', {})).status).toBe(404)
    expect((await attempt(path, {}, api.liveKey)).status).toBe(404)
    const keyless = await api.call('POST', path, { body: { organization } })
    expect([keyless.status, keyless.body['code']]).toEqual([400, 'idempotency_key_required'])
    expect(await balance()).toMatchObject([{ balance: '6' }])
  })
})
