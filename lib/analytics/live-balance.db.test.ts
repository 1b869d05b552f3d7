import { setTimeout as wait } from 'node:timers/promises'

import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { announceBalance } from '@/lib/db/announce'
import type { Account } from '@/lib/db/organizations'
import { moveTestClock } from '@/lib/db/test-clock'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { giveCredit } from '@/lib/testing/ledger-factory'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'
import { readerOf } from '@/lib/testing/reader'

import type { LiveBalanceEvent } from './contract'
import { openBalanceStream } from './live-balance'

const clock = { now: () => new Date() }

let database: TestDatabase
let org: TestOrganization
let account: Account

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  org = await createOrganization()
  account = org.account
})

/** A browser with an open stream: what it has received, and how to wait for more. */
function browse(reader = readerOf(account, org.owner)) {
  const leaving = new AbortController()
  const stream = openBalanceStream(reader, clock, leaving.signal)
  if (stream === null) throw new Error('no stream is free')
  const received = { text: '', isOver: false }
  void (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of stream) received.text += decoder.decode(chunk)
    received.isOver = true
  })()
  const events = () =>
    [...received.text.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1] ?? '') as LiveBalanceEvent)
  return { received, events, leave: () => leaving.abort() }
}

async function until(isSo: () => boolean, withinMs: number) {
  const end = performance.now() + withinMs
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not so within ${withinMs} ms`)
    await wait(5)
  }
}

/** As another process would: over a connection that this process's pool knows nothing of. */
async function elsewhere(statement: string, values: readonly unknown[]) {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query(statement, [...values])
  } finally {
    await client.end()
  }
}

describe('the live balance', () => {
  it('tells the current state at once, and how to come back', async () => {
    await giveCredit(account.id, { amount: '12.5', at: new Date() })
    const browser = browse()
    await until(() => browser.events().length === 1, 2_000)
    expect(browser.received.text).toMatch(/^retry: 5000\n\nid: \d+\nevent: balance\ndata: /)
    expect(browser.events()[0]?.wallets).toEqual([
      { asset: 'credit', available: '12.5', balance: '12.5', held: '0', debt: '0' },
    ])
    browser.leave()
    await until(() => browser.received.isOver, 1_000)
  })

  it('goes by the test clock of the account, wherever it stands at the moment', async () => {
    await giveCredit(account.id, { amount: '5', at: new Date(), effectiveAt: new Date('2031-01-01T00:00:00Z') })
    const browser = browse()
    await until(() => browser.events().length === 1, 2_000)
    expect(browser.events()[0]?.wallets).toMatchObject([{ available: '0', balance: '5' }])
    await moveTestClock(account.id, new Date('2031-02-01T00:00:00Z'))
    announceBalance(account.id)
    await until(() => browser.events().length === 2, 2_000)
    expect(browser.events()[1]).toMatchObject({ at: '2031-02-01T00:00:00.000Z', wallets: [{ available: '5' }] })
    browser.leave()
  })

  it('tells a change that another process announced within a second', async () => {
    await giveCredit(account.id, { amount: '1', at: new Date() })
    const browser = browse()
    await until(() => browser.events().length === 1, 2_000)
    await giveCredit(account.id, { amount: '2', at: new Date() })
    await elsewhere(`SELECT pg_notify('purser_balance', $1)`, [account.id])
    await until(() => browser.events().at(-1)?.wallets[0]?.balance === '3', 1_000)
    browser.leave()
  })

  it('tells a change that this process announced within a second, to every browser', async () => {
    const browsers = [browse(), browse()]
    await until(() => browsers.every(({ events }) => events().length === 1), 2_000)
    await giveCredit(account.id, { amount: '2', at: new Date() })
    announceBalance(account.id)
    await until(() => browsers.every(({ events }) => events().at(-1)?.wallets[0]?.balance === '2'), 1_000)
    for (const { leave } of browsers) leave()
  })

  it('tells a burst of changes at most four times a second, the last state among them', async () => {
    const browser = browse()
    await until(() => browser.events().length === 1, 2_000)
    const start = performance.now()
    for (let index = 1; index <= 30; index += 1) {
      await giveCredit(account.id, { amount: '1', at: new Date() })
      await elsewhere(`SELECT pg_notify('purser_balance', $1)`, [account.id])
    }
    await until(() => browser.events().at(-1)?.wallets[0]?.balance === '30', 2_000)
    const seconds = (performance.now() - start) / 1_000
    expect(browser.events().length - 1).toBeLessThanOrEqual(Math.ceil(seconds * 4) + 1)
    browser.leave()
  })

  it('listens again after the connection was lost, and tells what it missed', async () => {
    const browser = browse()
    await until(() => browser.events().length === 1, 2_000)
    await elsewhere(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'purser-listen' AND datname = current_database()`,
      [],
    )
    await giveCredit(account.id, { amount: '7', at: new Date() })
    await until(() => browser.events().at(-1)?.wallets[0]?.balance === '7', 5_000)
    browser.leave()
  })

  it('tells nobody of another account, and a Lite member nothing of the pool', async () => {
    const other = await createOrganization()
    const stranger = browse(readerOf(other.account, other.owner))
    const lite = browse(readerOf(account, { ...org.member, seat: 'lite' }))
    const owner = browse()
    await until(() => [stranger, lite, owner].every(({ events }) => events().length === 1), 2_000)
    await giveCredit(account.id, { amount: '5', at: new Date() })
    announceBalance(account.id)
    await until(() => owner.events().length === 2, 1_000)
    expect(stranger.events()).toHaveLength(1)
    expect(lite.events()).toHaveLength(1)
    expect(lite.events()[0]?.wallets[0]?.balance).toBe('0')
    for (const { leave } of [stranger, lite, owner]) leave()
  })
})
