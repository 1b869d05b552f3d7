import { randomUUID } from 'node:crypto'

import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { readId, showId } from '@/lib/db/ids'
import type { Account } from '@/lib/db/organizations'
import { query } from '@/lib/db/pool'
import { cents } from '@/lib/money/cents'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { definePrice, giveCredit, useMeter } from '@/lib/testing/ledger-factory'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'
import { readerOf } from '@/lib/testing/reader'

import { explainEntry } from './explain-entry'

const NOW = new Date('2026-11-23T12:00:00Z')
const clock = { now: () => NOW }
const minutesAgo = (count: number) => new Date(NOW.getTime() - count * 60_000)
const inDays = (count: number) => new Date(NOW.getTime() + count * 86_400_000)

let database: TestDatabase
let org: TestOrganization
let account: Account

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice(
    { key: 'gpu', name: 'GPU M', unit: 'second' },
    { model: 'per_unit', unit_price: '0.0012', round_up_to: '1' },
  )
  await definePrice(
    { key: 'run', name: 'Rule run', unit: 'count' },
    { model: 'package', package_size: '100', package_price: '1' },
  )
})
afterAll(() => database.drop())
beforeEach(async () => {
  org = await createOrganization(NOW)
  account = org.account
})

async function explain(entryId: string | null, reader = readerOf(account, org.owner)) {
  return explainEntry(reader, showId('ent', entryId ?? ''), clock)
}

async function explained(entryId: string | null | undefined) {
  const explanation = await explain(entryId ?? null)
  if (!explanation.ok) throw new Error(explanation.error.code)
  return explanation.value
}

describe('the explanation of an entry', () => {
  it('works a charge out again, line by line, to the last digit', async () => {
    await giveCredit(account.id, { amount: '10', at: minutesAgo(9) })
    const event = { meter: 'gpu', quantity: '25.4', model: 'llama-70b-awq', key: 'ci-runner', id: 'req-1' }
    const [entryId] = await useMeter(account, minutesAgo(5), [event])
    const explanation = await explained(entryId)
    expect(explanation).toMatchObject({
      sequence: 2,
      measured: { what: 'GPU M', quantity: '26', unit: 's', subject: 'llama-70b-awq' },
      price: { name: 'GPU M', version: 1 },
      arithmetic: [
        {
          label: 'GPU M',
          unit: 's',
          quantity: '25.4',
          billed: '26',
          unitPrice: '0.0012',
          amount: '0.0312',
          note: 'rounded up to whole seconds',
        },
      ],
      debtChange: '0',
      balanceBefore: '10',
      balanceAfter: '9.9688',
      recalculation: { matches: true, amount: '-0.0312' },
    })
    expect(explanation.who).toContainEqual({ label: 'Key', value: 'ci-runner', isCode: true })
    expect(explanation.links).toContainEqual({ label: 'Request', id: 'req-1', href: null })
  })

  it('counts a package from what was used before it', async () => {
    await giveCredit(account.id, { amount: '10', at: minutesAgo(9) })
    await useMeter(account, minutesAgo(5), [{ meter: 'run', quantity: '60' }])
    const [entryId] = await useMeter(account, minutesAgo(4), [{ meter: 'run', quantity: '50' }])
    expect(await explained(entryId)).toMatchObject({
      arithmetic: [{ quantity: '50', billed: '1', unitPrice: '1', amount: '1' }],
      recalculation: { matches: true, amount: '-1' },
    })
  })

  it('lists the grants in the order in which they paid, and why in that order', async () => {
    await giveCredit(account.id, { amount: '10', at: minutesAgo(9), kind: 'purchase', expiresAt: inDays(300) })
    const promo = { source: 'promo', purpose: 'Launch week', costBasisCents: cents(0n), expiresAt: inDays(7) } as const
    await giveCredit(account.id, { amount: '0.01', at: minutesAgo(8), ...promo })
    const [entryId] = await useMeter(account, minutesAgo(5), [{ meter: 'gpu', quantity: '10' }])
    const { allocations } = await explained(entryId)
    expect(allocations).toMatchObject([
      { order: 1, label: 'Launch week', amount: '-0.01', remaining: '0', reason: 'expires first' },
      { order: 2, label: 'paid', amount: '-0.002', remaining: '9.998', reason: null },
    ])
  })

  it('says why a single grant paid before the others that were there', async () => {
    await giveCredit(account.id, { amount: '10', at: minutesAgo(9), expiresAt: inDays(7) })
    await giveCredit(account.id, { amount: '10', at: minutesAgo(8) })
    const [entryId] = await useMeter(account, minutesAgo(5), [{ meter: 'gpu', quantity: '10' }])
    await giveCredit(account.id, { amount: '10', at: minutesAgo(4), priority: 99 })
    expect((await explained(entryId)).allocations).toMatchObject([{ reason: 'expires, the rest does not' }])
  })

  it('shows the card charge behind a purchase, with ids to copy', async () => {
    const paymentId = randomUUID()
    const { entryId } = await giveCredit(account.id, { amount: '25', at: minutesAgo(5), kind: 'purchase', paymentId })
    await query(
      `INSERT INTO payment (account_id, id, kind, status, form_token, amount_cents, credits, asset_code, save_card, card_brand,
         card_last4, payment_intent_id, receipt_url, entry_id, created_at, updated_at)
       VALUES ($1, $2, 'purchase', 'settled', $3, 2500, 25000000000, 'credit', false, 'visa', '4242', 'pi_1', 'https://r.test/1', $4, $5, $5)`,
      [account.id, paymentId, randomUUID(), entryId, minutesAgo(5)],
    )
    const explanation = await explained(entryId)
    expect(explanation).toMatchObject({
      payment: { usd: '25', card: 'Visa •••• 4242' },
      measured: null,
      arithmetic: [],
      allocations: [{ amount: '25', reason: null }],
      who: [{ label: 'By', value: 'Stripe, which confirmed the payment' }],
      recalculation: { matches: true, amount: '25' },
    })
    expect(explanation.links).toContainEqual({ label: 'Stripe payment', id: 'pi_1', href: 'https://r.test/1' })
  })

  it('says so when a line is not what was written', async () => {
    await giveCredit(account.id, { amount: '10', at: minutesAgo(9) })
    const [entryId] = await useMeter(account, minutesAgo(5), [{ meter: 'gpu', quantity: '10' }])
    expect((await explained(entryId)).recalculation.matches).toBe(true)
    await tamper(`UPDATE entry SET description = 'something else' WHERE id = '${entryId}'`)
    expect((await explained(entryId)).recalculation.matches).toBe(false)
  })

  it('does not exist for another account, for a Lite member, or under an id that is none', async () => {
    const { entryId } = await giveCredit(account.id, { amount: '10', at: minutesAgo(9) })
    const other = await createOrganization(NOW)
    const missing = { ok: false, error: { code: 'not_found' } }
    expect(await explain(entryId, readerOf(other.account, other.owner))).toMatchObject(missing)
    expect(await explain(entryId, readerOf(account, { ...org.member, seat: 'lite' }))).toMatchObject(missing)
    expect((await explain(entryId, readerOf(account, org.member))).ok).toBe(true)
    for (const id of ['ent_zzz', 'nothing', `pay_${showId('ent', entryId).slice(4)}`]) {
      expect(await explainEntry(readerOf(account, org.owner), id, clock)).toMatchObject(missing)
    }
    expect(readId('ent', 'nothing')).toBeNull()
  })
})

/** As somebody who owns the database could: past the trigger that keeps the journal append-only. */
async function tamper(statement: string) {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('ALTER TABLE entry DISABLE TRIGGER entry_append_only')
    await client.query(statement)
    await client.query('ALTER TABLE entry ENABLE TRIGGER entry_append_only')
  } finally {
    await client.end()
  }
}
