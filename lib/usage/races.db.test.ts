import { randomUUID } from 'node:crypto'

import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { query } from '@/lib/db/pool'
import { moveTestClock } from '@/lib/db/test-clock'
import type { Answered, ApiClient } from '@/lib/testing/api'
import { whileInsertsCrash } from '@/lib/testing/crash'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { definePrice } from '@/lib/testing/ledger-factory'
import { readFaults } from '@/lib/testing/whole-books'

/** What one process has of its own: its queue, its caches. Only the rows of the database are common. */
type Process = { readonly api: ApiClient; readonly stop: () => Promise<void> }

let database: TestDatabase
let processes: readonly Process[]
let organization: string

/** A process as far as a test can have one: the whole product loaded anew. */
async function startProcess(): Promise<Process> {
  vi.resetModules()
  const { env } = await import('@/lib/env')
  env()
  const { openApi } = await import('@/lib/testing/api')
  const { stopApiKeyListening } = await import('@/lib/organizations/authenticate-api-key')
  const api = await openApi('web-standard handler')
  return { api, stop: async () => api.close().then(stopApiKeyListening) }
}

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'run', name: 'Run', unit: 'count' }, { model: 'per_unit', unit_price: '1' })
  const pack = { model: 'package', package_size: '100', package_price: '1' } as const
  await definePrice({ key: 'pack', name: 'Pack', unit: 'count' }, pack)
  processes = [await startProcess(), await startProcess(), await startProcess()]
  const allowances = [{ meter: 'run', quantity: '5' }]
  const body = { name: 'Plan', monthly_price_cents: 0, allowances }
  expect((await call(0, 'PUT', '/plans/covers', body)).status).toBe(200)
})
afterAll(async () => {
  for (const { stop } of processes) await stop()
  await database.drop()
})
beforeEach(async () => {
  organization = await addOrganization('10')
})

/** Sends a request to one of the processes; numbers beyond the last go around. */
function call(process: number, method: string, path: string, body?: object): Promise<Answered> {
  const api = processes[process % processes.length]?.api
  if (api === undefined) throw new Error('no process')
  const headers = { 'idempotency-key': randomUUID() }
  return api.call(method, path, { headers, ...(body === undefined ? {} : { body }) })
}

async function addOrganization(credits: string): Promise<string> {
  const external_id = `org-${randomUUID()}`
  await call(0, 'POST', '/organizations', { external_id, name: 'Acme' })
  const given = await call(0, 'POST', '/grants', { organization: external_id, amount: credits, purpose: 'a test' })
  expect(given.status).toBe(201)
  return external_id
}

async function accountOf(externalId: string): Promise<string> {
  const [row] = await query('SELECT id FROM billing_account WHERE external_id = $1', [externalId])
  return row?.['id'] as string
}

async function wallet(of = organization): Promise<Readonly<Record<string, unknown>>> {
  const answered = await call(0, 'GET', `/organizations/${of}/balance`)
  return (answered.body['wallets'] as Readonly<Record<string, unknown>>[])[0] ?? {}
}

const together = <Value>(count: number, work: (index: number) => Promise<Value>) =>
  Promise.all(Array.from({ length: count }, (_none, index) => work(index)))
const used = (fields: object = {}) => ({
  id: `evt-${randomUUID()}`,
  organization,
  meter: 'run',
  quantity: '1',
  ...fields,
})
const count = (answers: readonly Answered[], status: number) => answers.filter((each) => each.status === status).length
const faults = async (...named: readonly string[]) => readFaults(await Promise.all(named.map(accountOf)))

describe('several processes at once', () => {
  it('admit exactly as many parallel authorizations as there is credit for', async () => {
    const asked = await together(60, (index) =>
      call(index, 'POST', '/authorizations', { organization, meter: 'run', quantity: '1' }),
    )
    expect([count(asked, 201), count(asked, 402)]).toEqual([10, 50])
    expect(await wallet()).toMatchObject({ balance: '10', held: '10', available: '0' })
    expect(await faults(organization)).toEqual([])
  })

  it('either capture an authorization or expire it and take the capture as late, never both', async () => {
    const accountId = await accountOf(organization)
    await moveTestClock(accountId, new Date('2031-01-01T00:00:00Z'))
    const body = { organization, meter: 'run', quantity: '2', expires_in: 3_600 }
    const holds = await together(5, (index) => call(index, 'POST', '/authorizations', body))
    const to = '2031-01-01T01:00:00Z'
    const [moved, ...captured] = await Promise.all([
      call(0, 'POST', `/test_clock/${organization}/advance`, { to }),
      ...holds.map((hold, index) => {
        const path = `/authorizations/${String(hold.body['id'])}/capture`
        return call(index + 1, 'POST', path, { event_id: `evt-${randomUUID()}`, quantity: '1' })
      }),
    ])
    expect(moved?.status).toBe(200)
    for (const { status, body: answer } of captured) {
      expect(status).toBe(200)
      const won = answer['late'] === true ? { status: 'expired', released: '2' } : { status: 'captured', released: '1' }
      expect(answer).toMatchObject({ ...won, captured: '1' })
    }
    expect(await wallet()).toMatchObject({ balance: '5', held: '0', available: '5' })
    expect(await faults(organization)).toEqual([])
  })

  it('record each event once when two of them are sent the same batch', async () => {
    const events = Array.from({ length: 9 }, () => used())
    const answers = await together(3, (index) => call(index, 'POST', '/usage/batch', { events }))
    const outcomes = events.map((_event, place) =>
      answers.map(({ body }) => (body['results'] as readonly { outcome: string }[])[place]?.outcome).sort(),
    )
    expect(outcomes).toEqual(events.map(() => ['charged', 'duplicate', 'duplicate']))
    expect(await wallet()).toMatchObject({ balance: '1' })
    expect(await faults(organization)).toEqual([])
  })

  it('answer one capture that all of them are sent with one charge', async () => {
    const hold = await call(0, 'POST', '/authorizations', { organization, meter: 'run', quantity: '5' })
    const path = `/authorizations/${String(hold.body['id'])}/capture`
    const body = { event_id: `evt-${randomUUID()}`, quantity: '2', final: false }
    const answers = await together(9, (index) => call(index, 'POST', path, body))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(await wallet()).toMatchObject({ balance: '8', held: '3' })
  })

  it('begin one package once', async () => {
    const runs = await together(60, (index) => call(index, 'POST', '/usage', used({ meter: 'pack' })))
    expect(count(runs, 201)).toBe(60)
    expect(runs.map(({ body }) => body['amount']).sort()).toEqual([...Array.from({ length: 59 }, () => '0'), '1'])
    expect(await wallet()).toMatchObject({ balance: '9' })
  })

  it('keep one limit and one allowance for the pool and the wallets of Lite members', async () => {
    await call(0, 'PUT', `/organizations/${organization}/plan`, { plan: 'covers' })
    const lite_allocation = { asset: 'credit', amount: '10' }
    await call(0, 'PUT', `/organizations/${organization}/members/ana`, { seat: 'lite', lite_allocation })
    const limit = { scope: 'organization', amount: '7', period: 'day', mode: 'block' }
    await call(0, 'PUT', `/organizations/${organization}/limits/day`, limit)
    const answers = await together(48, (index) =>
      call(index, 'POST', '/usage', index % 2 === 0 ? used({ member: 'ana' }) : used()),
    )
    const outcomes = answers.map(({ body }) => body['outcome'] ?? body['code'])
    const counted = (word: string) => outcomes.filter((outcome) => outcome === word).length
    expect([counted('covered'), counted('charged')]).toEqual([5, 7])
    expect(counted('spend_limit_exceeded')).toBe(36)
    expect(await faults(organization)).toEqual([])
  })
})

describe('a wallet that somebody has locked', () => {
  it('keeps nobody else waiting, and is decided as soon as it is free', async () => {
    const others = [await addOrganization('10'), await addOrganization('10'), await addOrganization('10')]
    const holder = new pg.Client({ connectionString: database.url })
    await holder.connect()
    await holder.query('BEGIN')
    await holder.query('SELECT FROM wallet WHERE account_id = $1 FOR UPDATE', [await accountOf(organization)])
    let isDecided = false
    const locked = call(0, 'POST', '/usage', used()).finally(() => (isDecided = true))
    const free = await Promise.all(others.map((other) => call(0, 'POST', '/usage', used({ organization: other }))))
    expect(free.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(isDecided).toBe(false)
    await holder.query('COMMIT')
    await holder.end()
    expect((await locked).status).toBe(201)
    expect(await faults(organization, ...others)).toEqual([])
  })
})

describe('a batch over several accounts', () => {
  const batchOf = (organizations: readonly string[]) =>
    organizations.flatMap((each) => [used({ organization: each }), used({ organization: each })])
  const outcomesOf = ({ body }: Answered) =>
    (body['results'] as readonly { outcome?: string; error?: { status: number } }[]).map(
      ({ outcome, error }) => outcome ?? error?.status,
    )

  it('whose connection dies in its middle leaves nothing half-written, and sent again records each once', async () => {
    const organizations = [organization, await addOrganization('10'), await addOrganization('10')]
    const events = batchOf(organizations)
    await whileInsertsCrash(database.url, 'entry', `NEW.account_id = '${await accountOf(organization)}'`, async () => {
      const [first, second, ...rest] = outcomesOf(await call(0, 'POST', '/usage/batch', { events }))
      for (const status of [first, second]) expect([500, 503]).toContain(status)
      expect(rest).toEqual(['charged', 'charged', 'charged', 'charged'])
      expect(await wallet()).toMatchObject({ balance: '10', available: '10' })
      expect(await faults(...organizations)).toEqual([])
    })
    const again = outcomesOf(await call(1, 'POST', '/usage/batch', { events }))
    expect(again).toEqual(['charged', 'charged', 'duplicate', 'duplicate', 'duplicate', 'duplicate'])
    for (const each of organizations) expect(await wallet(each)).toMatchObject({ balance: '8' })
    expect(await faults(...organizations)).toEqual([])
  })

  it('in which one event makes the transaction throw records all its neighbours, also those of its own account', async () => {
    const organizations = [organization, await addOrganization('10')]
    const events = batchOf(organizations)
    const poison = events[0]?.id ?? ''
    const owner = new pg.Client({ connectionString: database.url })
    await owner.connect()
    await owner.query(`CREATE OR REPLACE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'poison'; END $$`)
    await owner.query(`CREATE TRIGGER poison AFTER INSERT ON usage_event FOR EACH ROW WHEN (NEW.id = '${poison}')
      EXECUTE FUNCTION poison()`)
    const first = outcomesOf(await call(0, 'POST', '/usage/batch', { events }))
    expect([500, 503]).toContain(first[0])
    expect(first.slice(1)).toEqual(['charged', 'charged', 'charged'])
    await owner.query('DROP TRIGGER poison ON usage_event')
    await owner.end()
    const again = outcomesOf(await call(1, 'POST', '/usage/batch', { events }))
    expect(again).toEqual(['charged', 'duplicate', 'duplicate', 'duplicate'])
    for (const each of organizations) expect(await wallet(each)).toMatchObject({ balance: '8' })
    expect(await faults(...organizations)).toEqual([])
  })
})
