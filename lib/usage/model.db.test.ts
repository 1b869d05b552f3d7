import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { stopApiKeyListening } from '@/lib/organizations/authenticate-api-key'
import { AccountPair } from '@/lib/testing/account-pair'
import { openApi, type ApiClient } from '@/lib/testing/api'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { definePrice } from '@/lib/testing/ledger-factory'
import { instantOf, METERS, PLANS, PRICES, type PlanKey } from '@/lib/testing/naive-catalogue'
import { PLAIN, type NaiveLimit, type Told, type Use } from '@/lib/testing/naive-counts'

const RUNS = 40
const STEPS = 25
/** Far beyond what the runs take: it ends the search for a shorter example in time to print the shortest that was found. */
const SEARCH_MS = 240_000

let database: TestDatabase
let api: ApiClient

beforeAll(async () => {
  database = await openTestDatabase()
  api = await openApi('web-standard handler')
  await api.call('PUT', '/assets/gold', { body: { name: 'Gold', scale: 0 } })
  for (const [key, price] of Object.entries(PRICES)) await definePrice({ key, name: key, unit: 'count' }, price)
  await api.call('PUT', '/meters/n', { body: { name: 'Unpriced', unit: 'count' } })
  for (const [key, { allowances, gives }] of Object.entries(PLANS)) {
    const covers = Object.entries(allowances).map(([meter, quantity]) => ({ meter, quantity: `${quantity}` }))
    const entitlements = [{ asset: 'credit', amount: `${gives}` }]
    const body = { name: key, monthly_price_cents: 100, allowances: covers, entitlements }
    expect((await api.call('PUT', `/plans/${key}`, { body })).status).toBe(200)
  }
})
afterAll(async () => {
  await api.close()
  await stopApiKeyListening()
  await database.drop()
})

/** A step of a run. What fails is told as the list of these names, so a name says all that there is to say. */
class Step implements fc.AsyncCommand<AccountPair, AccountPair> {
  constructor(
    private readonly name: string,
    private readonly take: (pair: AccountPair) => Promise<unknown>,
  ) {}
  check = () => true
  run = async (pair: AccountPair) => {
    await this.take(pair)
    await pair.probe()
    await pair.compare()
  }
  toString = () => this.name
}

const OK: Told = { status: 200, body: {} }
const say = (what: string, fields: object) =>
  [
    what,
    ...Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [`${name} ${String(value)}`])),
  ].join(', ')

/** Turns what was drawn into a step under its own name. */
function step<Fields extends object>(
  what: string,
  fields: { readonly [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> },
  take: (pair: AccountPair, drawn: Fields) => Promise<unknown>,
) {
  return fc.record(fields).map((drawn) => new Step(say(what, drawn as Fields), (pair) => take(pair, drawn as Fields)))
}

const size = fc.integer({ min: 1, max: 9 })
const pick = fc.nat({ max: 40 })
const member = fc.constantFrom(null, 'ana', 'bob')
const key = fc.constantFrom(null, 'k')
const meter = fc.constantFrom(...METERS.slice(0, 5), 'a', 'p', 'p')
const anyMeter = fc.constantFrom(...METERS, 'a', 'a', 'b', 'p', 'p')
const asset = fc.constantFrom('credit', 'credit', 'credit', 'gold')
const offset = fc.constantFrom(null, null, null, null, -1, -20, -300, -816, -817, 1)
const life = fc.integer({ min: 1, max: 24 })
const chosen = <Item>(list: readonly Item[], index: number): Item | undefined => list[index % Math.max(1, list.length)]

const grant = step(
  'grant',
  {
    asset,
    size,
    priority: fc.constantFrom(50, 50, 10),
    meter: fc.constantFrom(null, null, 'a', 'p'),
    isPaid: fc.boolean(),
    delay: fc.constantFrom(0, 0, 0, -2, 2, 9),
    life: fc.constantFrom(null, null, 3, 8, 30),
  },
  async (pair, drawn) => {
    const { naive, organization } = pair
    const effective = naive.now + drawn.delay
    const expires = drawn.life === null ? null : effective + drawn.life
    const told = naive.grant(drawn.asset, drawn.size, { ...drawn, effective, expires })
    const body = {
      ...{ organization, asset: drawn.asset, amount: `${drawn.size}`, purpose: 'a test', priority: drawn.priority },
      ...{ effective_at: instantOf(effective), cost_basis_cents: drawn.isPaid ? 100 : 0 },
      ...(expires === null ? {} : { expires_at: instantOf(expires) }),
      ...(drawn.meter === null ? {} : { scope: { meters: [drawn.meter] } }),
    }
    await pair.askTwice(told, { method: 'POST', path: '/grants', body, key: pair.newKey() })
  },
)

/** Most runs begin with something to spend. */
async function startWith(pair: AccountPair, amount: number): Promise<void> {
  const told = pair.naive.grant('credit', amount, { ...PLAIN, effective: 0, expires: null })
  const body = { organization: pair.organization, amount: `${amount}`, purpose: 'a test' }
  await pair.ask(told, 'POST', '/grants', body, pair.newKey())
}

/** Plain usage: something new, what was sent before, or something else under the id of it. */
const use = {
  what: fc.constantFrom('new', 'new', 'new', 'again', 'changed'),
  pick,
  meter: anyMeter,
  quantity: fc.constantFrom(0, 1, 1, 2, 3, 4, 7, -1),
  at: offset,
  member,
  key,
}
type Drawn = { [Name in keyof typeof use]: (typeof use)[Name] extends fc.Arbitrary<infer Value> ? Value : never }

const sentUses = new WeakMap<AccountPair, Use[]>()

function useOf(pair: AccountPair, { what, pick: index, at, ...drawn }: Drawn): Use {
  const sent = sentUses.get(pair) ?? []
  sentUses.set(pair, sent)
  const before = what === 'new' ? undefined : chosen(sent, index)
  if (before !== undefined) return what === 'again' ? before : { ...before, quantity: before.quantity + 1 }
  const made = { ...drawn, id: pair.newKey(), at: at === null ? null : pair.naive.now + at }
  sent.push(made)
  return made
}

function bodyOf(pair: AccountPair, { id, meter: of, quantity, at, member: who, key: by }: Use) {
  return {
    ...{ id, organization: pair.organization, meter: of, quantity: `${quantity}` },
    ...(at === null ? {} : { occurred_at: instantOf(at) }),
    ...(who === null ? {} : { member: who }),
    ...(by === null ? {} : { key: by }),
  }
}

const record = step('use', use, async (pair, drawn) => {
  const sent = useOf(pair, drawn)
  await pair.ask(pair.naive.record(sent), 'POST', '/usage', bodyOf(pair, sent))
})

const batch = fc.array(fc.record(use), { minLength: 2, maxLength: 6 }).map((events) => {
  const name = `batch of ${events.map((drawn) => say('use', drawn)).join(' | ')}`
  return new Step(name, async (pair) => {
    const sent = events.map((drawn) => useOf(pair, drawn as Drawn))
    const results = sent.map((each) => {
      const { status, body } = pair.naive.record(each)
      return status < 300 ? body : { id: each.id, error: { status, ...body } }
    })
    const told = { status: 200, body: { results } }
    await pair.ask(told, 'POST', '/usage/batch', { events: sent.map((each) => bodyOf(pair, each)) })
  })
})

const authorize = step(
  'authorize',
  { meter, size, asset: fc.constantFrom(null, null, null, 'credit', 'gold'), member, key, life },
  async (pair, drawn) => {
    const { naive, organization } = pair
    const subject = { member: drawn.member, key: drawn.key }
    const wanted =
      drawn.asset === null ? { meter: drawn.meter, quantity: drawn.size } : { asset: drawn.asset, amount: drawn.size }
    const told = naive.authorize(wanted, subject, drawn.life)
    const body = {
      organization,
      ...(drawn.asset === null
        ? { meter: drawn.meter, quantity: `${drawn.size}` }
        : { asset: drawn.asset, amount: `${drawn.size}` }),
      ...(drawn.member === null ? {} : { member: drawn.member }),
      ...(drawn.key === null ? {} : { key: drawn.key }),
      expires_in: drawn.life * 3_600,
    }
    const made = await pair.askTwice(told, { method: 'POST', path: '/authorizations', body, key: pair.newKey() })
    if (made.status === 201) pair.holds.push(String(made.body['id']))
  },
)

const capture = step(
  'capture',
  {
    pick,
    size: fc.constantFrom(0, 1, 2, 3, 5, 9),
    by: fc.constantFrom('quantity', 'quantity', 'quantity', 'amount'),
    isFinal: fc.boolean(),
    id: fc.constantFrom('new', 'new', 'new', 'new', 'taken'),
    at: offset,
  },
  async (pair, drawn) => {
    const { naive } = pair
    const [placed, holdId] = [chosen(naive.holds, drawn.pick), chosen(pair.holds, drawn.pick)]
    if (placed === undefined || holdId === undefined) return
    const by = drawn.by as 'quantity' | 'amount'
    const id = (drawn.id === 'taken' ? chosen(naive.events, drawn.pick)?.id : undefined) ?? pair.newKey()
    const at = drawn.at === null ? null : naive.now + drawn.at
    const told = naive.capture(placed, { id, size: drawn.size, by, isFinal: drawn.isFinal, at })
    const body = {
      ...{ event_id: id, [by]: `${drawn.size}`, final: drawn.isFinal },
      ...(at === null ? {} : { occurred_at: instantOf(at) }),
    }
    await pair.ask(told, 'POST', `/authorizations/${holdId}/capture`, body)
  },
)

const release = step('release', { pick }, async (pair, drawn) => {
  const [placed, holdId] = [chosen(pair.naive.holds, drawn.pick), chosen(pair.holds, drawn.pick)]
  if (placed === undefined) return
  await pair.ask(pair.naive.release(placed), 'POST', `/authorizations/${holdId}/release`)
})

const extend = step('extend', { pick, life }, async (pair, drawn) => {
  const [placed, holdId] = [chosen(pair.naive.holds, drawn.pick), chosen(pair.holds, drawn.pick)]
  if (placed === undefined) return
  const told = pair.naive.extend(placed, drawn.life)
  await pair.ask(told, 'POST', `/authorizations/${holdId}/extend`, { expires_in: drawn.life * 3_600 })
})

const voids = step('void', { pick }, async (pair, drawn) => {
  const lots = [...pair.naive.wallets].flatMap(([name, { lots: own }]) =>
    own.map((lot, index) => ({ name, lot, index })),
  )
  const found = chosen(lots, drawn.pick)
  if (found === undefined) return
  const grantId = await pair.grantAt(found.name, found.lot.sequence)
  await pair.ask(pair.naive.void(found.name, found.index), 'POST', `/grants/${grantId}/void`)
})

const reverse = step('reverse', { pick, size: fc.option(size) }, async (pair, drawn) => {
  const event = chosen(pair.naive.events, drawn.pick)
  if (event === undefined) return
  const told = pair.naive.reverse(event, drawn.size)
  const body = { organization: pair.organization, ...(drawn.size === null ? {} : { amount: `${drawn.size}` }) }
  const path = `/usage/${encodeURIComponent(event.id)}/reversal`
  await pair.askTwice(told, { method: 'POST', path, body, key: pair.newKey() })
})

const plan = step('plan', { key: fc.constantFrom<PlanKey | null>(null, 'small', 'large') }, async (pair, drawn) => {
  pair.naive.setPlan(drawn.key)
  const body = { plan: drawn.key, ...(drawn.key === null ? {} : { anchor_day: 31 }) }
  await pair.ask(OK, 'PUT', `/organizations/${pair.organization}/plan`, body)
})

const lite = step(
  'member',
  { member: fc.constantFrom('ana', 'bob'), allocation: fc.constantFrom(null, 3, 6) },
  async (pair, drawn) => {
    pair.naive.setMember(drawn.member, drawn.allocation)
    const body =
      drawn.allocation === null
        ? { seat: 'pro' }
        : { seat: 'lite', lite_allocation: { asset: 'credit', amount: `${drawn.allocation}` } }
    await pair.ask(OK, 'PUT', `/organizations/${pair.organization}/members/${drawn.member}`, body)
  },
)

const limit = step(
  'limit',
  {
    id: fc.constantFrom('l1', 'l2'),
    scope: fc.constantFrom<NaiveLimit['scope']>('organization', 'organization', 'member', 'key'),
    asset: fc.constantFrom('credit', 'credit', 'credit', 'credit', 'gold'),
    amount: fc.constantFrom(3, 8, 20),
    period: fc.constantFrom<NaiveLimit['period']>('day', 'month', 'total'),
    mode: fc.constantFrom<NaiveLimit['mode']>('block', 'block', 'alert'),
  },
  async (pair, { id, ...drawn }) => {
    pair.naive.limits.set(id, drawn)
    const body = { ...drawn, amount: `${drawn.amount}` }
    await pair.ask(OK, 'PUT', `/organizations/${pair.organization}/limits/${id}`, body)
  },
)

const policy = step('policy', { overdraft: fc.constantFrom(null, 6) }, async (pair, drawn) => {
  pair.naive.overdraft = drawn.overdraft
  const body =
    drawn.overdraft === null ? { at_zero: 'deny' } : { at_zero: 'overdraft', overdraft_limit: `${drawn.overdraft}` }
  await pair.ask(OK, 'PUT', `/organizations/${pair.organization}/policy`, body)
})

async function advanceBy(pair: AccountPair, hours: number): Promise<void> {
  pair.naive.advance(hours)
  const told = { status: 200, body: { now: instantOf(pair.naive.now).toISOString() } }
  await pair.ask(told, 'POST', `/test_clock/${pair.organization}/advance`, { to: instantOf(pair.naive.now) })
}

const advance = step('advance', { hours: fc.constantFrom(1, 2, 5, 12, 40) }, (pair, { hours }) =>
  advanceBy(pair, hours),
)
const jump = step('jump unswept', { hours: fc.constantFrom(1, 3, 9) }, async (pair, { hours }) => {
  if (!(await pair.jump(hours))) await advanceBy(pair, hours)
})
const sweep = step('sweep', {}, (pair) => pair.sweep())

test(
  'any interleaving of what can happen to an account leaves the answers, figures, entries and holds that a naive account has, and whole books',
  async () => {
    const often = [grant, grant, record, record, batch, authorize, authorize, authorize, capture, capture, capture]
    const seldom = [release, extend, voids, reverse, reverse, plan, lite, limit, policy, advance, advance, jump, sweep]
    const runs = fc.noBias(fc.commands([...often, ...seldom], { maxCommands: STEPS, size: 'max' }))
    await fc.assert(
      fc.asyncProperty(runs, async (steps) => {
        const pair = await AccountPair.open(api)
        await startWith(pair, 12)
        await fc.asyncModelRun(() => ({ model: pair, real: pair }), steps)
        await pair.finish()
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: SEARCH_MS, markInterruptAsFailure: true },
    )
  },
  SEARCH_MS + 60_000,
)
