import { createHash } from 'node:crypto'

import type { Actor } from '@/lib/auth/rules/actor'
import { checkPayment } from '@/lib/billing/payments/check-payment'
import { grantInput } from '@/lib/billing/grant-contract'
import { grantCredits } from '@/lib/billing/grant-credits'
import { liteAllocations } from '@/lib/billing/periods/lite-allocations'
import { memberInput } from '@/lib/billing/member-contract'
import { putMember } from '@/lib/billing/periods/put-member'
import { startPurchase } from '@/lib/billing/payments/start-purchase'
import type { Clock } from '@/lib/clock'
import type { Account } from '@/lib/db/organizations'
import { readAccount } from '@/lib/organizations/read-account'
import { type sandboxControl } from '@/lib/testing/sandbox-control'
import { toUsageEvent, usageEventInput } from '@/lib/usage/contract'
import { createPrice } from '@/lib/usage/create-price'
import { priceInput } from '@/lib/usage/price-contract'
import { putMeter } from '@/lib/usage/put-meter'
import { recordUsage } from '@/lib/usage/record-usage'

import { DEMO_METERS } from './price-list'
import { BLOCK_HOURS, eventsOfBlock, LITE_MEMBER } from './workloads'

type KeyActor = Extract<Actor, { kind: 'key' }>
type UserActor = Extract<Actor, { kind: 'user' }>

/** Who and where the story is about. `at` is the instant it leads up to: told again for the same instant, it changes nothing. */
export type Story = {
  readonly at: Date
  readonly account: Account
  readonly owner: UserActor
  readonly key: KeyActor
  /** Where the site will be reached. */
  readonly origin: string
  readonly sandbox: ReturnType<typeof sandboxControl>
}

const DAYS = 45
const DAY_MS = 86_400_000
const BLOCK_MS = BLOCK_HOURS * 3_600_000

/** Dollars bought, by how many days ago. */
const PURCHASES: ReadonlyMap<number, string> = new Map([
  [44, '200'],
  [26, '200'],
  [8, '100'],
])

/** Puts the demo's meters and their prices on the price list, in force since before the story begins. */
export async function tellPrices({ key, at }: Story): Promise<void> {
  const effectiveFrom = new Date(at.getTime() - 2 * DAYS * DAY_MS).toISOString()
  for (const { key: meter, name, unit, price } of DEMO_METERS) {
    must(await putMeter(key, meter, { name, unit, heartbeat_timeout_seconds: 300 }))
    const input = priceInput.parse({ ...price, effective_from: effectiveFrom })
    const once = { route: 'POST /meters/prices', key: `demo-price-${meter}`, bodyHash: meter }
    must(await createPrice(key, meter, input, once, clockAt(at)))
  }
}

/** Lives through the days up to the story's instant: credits are bought and given, and usage spends them. */
export async function tellDays(story: Story, progress: (daysLeft: number) => void): Promise<void> {
  const first = Math.floor(story.at.getTime() / DAY_MS - DAYS) * DAY_MS
  for (let day = DAYS; day >= 0; day -= 1) {
    const midnight = new Date(first + (DAYS - day) * DAY_MS)
    await tellMorning(story, day, midnight)
    for (let start = midnight.getTime(); start < midnight.getTime() + DAY_MS; start += BLOCK_MS) {
      await tellUsage(story, new Date(start))
    }
    if (day % 9 === 0) progress(day)
  }
}

async function tellMorning(story: Story, day: number, midnight: Date): Promise<void> {
  const clock = clockAt(new Date(midnight.getTime() + 1_000))
  if (day === DAYS) await give(story, 'Welcome credit', '25', 30, undefined, clock)
  if (day === 20) await give(story, 'Embeddings promotion', '40', 32, { meters: ['embedding_token'] }, clock)
  const dollars = PURCHASES.get(day)
  if (dollars !== undefined) await purchase(story, dollars, day === 44, clock)
  if (day === DAYS) await welcomeLiteMember(story, clock)
}

/** Leo spends an allocation of his own each month; the pool is not his to see. */
async function welcomeLiteMember({ account, key }: Story, clock: Clock): Promise<void> {
  const allocation = { asset: 'credit', amount: '10' }
  const fields = { name: 'Leo Park', email: LITE_MEMBER, seat: 'lite', lite_allocation: allocation }
  const input = memberInput.parse(fields)
  must(await putMember(key, { ...input, organization: account.externalId, externalId: LITE_MEMBER }, clock))
}

async function give(
  { account, key }: Story,
  purpose: string,
  amount: string,
  days: number,
  scope: { meters: string[] } | undefined,
  clock: Clock,
): Promise<void> {
  const expires = new Date(clock.now().getTime() + days * DAY_MS).toISOString()
  const organization = account.externalId
  const input = grantInput.parse({ organization, amount, purpose, source: 'promo', expires_at: expires, scope })
  const once = { route: 'POST /grants', key: `demo-${purpose}`, bodyHash: purpose }
  must(await grantCredits(key, { ...input, mode: key.mode }, once, clock))
}

async function purchase({ account, owner, origin, sandbox }: Story, amount: string, saveCard: boolean, clock: Clock) {
  const formToken = tokenOf(`${account.id}:${clock.now().toISOString()}`)
  const current = await readAccount(account.id)
  const started = must(await startPurchase(owner, current, { amount, formToken, saveCard }, origin, clock))
  const sessionId = new URL(started.url).pathname.split('/').at(-1) ?? ''
  if ((await paymentStatus(account, started.paymentId, clock)) === 'settled') return
  await sandbox.completeCheckout(sessionId, { email: 'billing@acme.dev', name: 'Ana Ruiz' })
  await paymentStatus(account, started.paymentId, clock)
}

async function paymentStatus(account: Account, paymentId: string, clock: Clock) {
  return must(await checkPayment({ kind: 'job', task: 'demo' }, account.id, paymentId, clock))
}

async function tellUsage({ account, key, at }: Story, start: Date): Promise<void> {
  const end = new Date(Math.min(start.getTime() + BLOCK_MS, at.getTime()))
  const events = eventsOfBlock(account.externalId, start)
    .filter((event) => new Date(event.occurred_at) <= end)
    .map((event) => toUsageEvent(usageEventInput.parse(event)))
  if (events.length === 0) return
  await liteAllocations.work({ kind: 'job', task: 'demo' }, account.id, end)
  const outcomes = must(await recordUsage(key, account, events, clockAt(end)))
  outcomes.forEach(must)
}

function clockAt(at: Date): Clock {
  return { now: () => at }
}

/** The value of something that cannot fail in a story that is told right. */
function must<Value>(result: { ok: true; value: Value } | { ok: false; error: { code: string } }): Value {
  if (!result.ok) throw new Error(`The demo data cannot be written: ${JSON.stringify(result.error)}`)
  return result.value
}

/** The same form token for the same purchase, so that a story that broke off is not paid twice. */
function tokenOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
