import { costOf, included, monthSpan, periodWord, planSpan, PLANS } from './naive-catalogue'
import type { Counting, MeterKey, PlanKey, Span } from './naive-catalogue'
import { NaiveLedger, type Allowed, type NaiveHold, type NewLot } from './naive-ledger'

export type Subject = { readonly member: string | null; readonly key: string | null }
export type Use = Subject & {
  readonly id: string
  readonly meter: MeterKey
  readonly quantity: number
  readonly at: number | null
}
export type NaiveLimit = {
  readonly scope: 'organization' | 'member' | 'key'
  readonly asset: string
  readonly amount: number
  readonly period: Counting
  readonly mode: 'block' | 'alert'
}

/** What the API is to answer: a status, and some of the fields of the body. */
export type Told = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

/** What usage costs, what of it the plan covers, and how much of the meter is paid for. */
type Rated = {
  readonly amount: number
  readonly covered: number
  readonly billed: number
  readonly isCovered: boolean
}

/** Usage that was recorded. `line`: its place in the journal, from 1. `left`: the words of that line that nobody took back. */
export type NaiveEvent = Subject &
  Rated & {
    readonly id: string
    readonly said: string
    readonly meter: string
    readonly wallet: string
    readonly asset: string
    readonly at: number
    readonly line: number
    readonly left: string[]
    readonly told: Told['body']
  }

/** A hold with what it is for. `places`: the limits that it counts under while it is open. `reserved`: of the plan's allowance. */
export type PlacedHold = Subject & {
  readonly hold: NaiveHold
  readonly wallet: string
  readonly asset: string
  readonly meter: MeterKey | null
  readonly places: readonly string[]
  readonly allowanceFrom: number
  reserved: number
}

/** How far back usage may have occurred, in hours. */
const OLDEST = 34 * 24

/** The state of the naive account, and every figure that is counted from it. */
export class NaiveCounts {
  readonly wallets = new Map<string, NaiveLedger>()
  readonly events: NaiveEvent[] = []
  readonly holds: PlacedHold[] = []
  readonly limits = new Map<string, NaiveLimit>()
  readonly lite = new Map<string, number>()
  private readonly given = new Map<string, number>()
  private made = 0
  now = 0
  plan: PlanKey | null = null
  overdraft: number | null = null

  /** The wallet of that name after all that is due in it: whatever is asked of a wallet books that first. */
  wallet(name: string): NaiveLedger {
    const known = this.wallets.get(name)
    const wallet = known ?? new NaiveLedger()
    if (known === undefined) {
      wallet.now = this.now
      this.wallets.set(name, wallet)
    }
    wallet.pass(this.now - wallet.now)
    return wallet
  }

  /** A copy of a wallet after all that is due in it: what a page shows though nobody has booked it yet. */
  shown(name: string): NaiveLedger {
    const copy = Object.assign(new NaiveLedger(), structuredClone({ ...this.wallets.get(name) }))
    copy.pass(this.now - copy.now)
    return copy
  }

  /** What open holds have set aside under a limit. */
  reservedAt(place: string): number {
    return this.holds
      .filter((each) => each.places.includes(place))
      .reduce((sum, { hold }) => sum + outstanding(hold), 0)
  }

  /** What of a meter the plan covered in a plan period, and what open holds but one have reserved of it. */
  covered(meter: string, { from }: Span, except: PlacedHold | null = null): { covered: number; reserved: number } {
    const events = this.events.filter((event) => event.meter === meter && planSpan(event.at).from === from)
    const holds = this.holds.filter((each) => each.meter === meter && each.allowanceFrom === from && each !== except)
    return {
      covered: events.reduce((sum, event) => sum + event.covered, 0),
      reserved: holds.reduce((sum, each) => sum + (each.hold.status === 'open' ? each.reserved : 0), 0),
    }
  }

  /** What of a meter was paid for in a calendar month. */
  billed(meter: string, at: number): number {
    const month = periodWord('month', at)
    return this.events
      .filter((event) => event.meter === meter && periodWord('month', event.at) === month)
      .reduce((sum, event) => sum + event.billed, 0)
  }

  /** The limits on somebody's spending at an instant, each with what counts against it. */
  protected limitsOn(asset: string, subject: Subject, at: number) {
    return [...this.limits].flatMap(([id, limit]) => {
      const who = limit.scope === 'organization' ? '' : subject[limit.scope]
      if (limit.asset !== asset || who === null) return []
      const word = periodWord(limit.period, at)
      const spent = this.events
        .filter((event) => event.asset === asset && periodWord(limit.period, event.at) === word)
        .filter((event) => limit.scope === 'organization' || event[limit.scope] === who)
        .reduce((sum, event) => sum + event.amount, 0)
      const place = [limit.scope, who, asset, limit.period, word].join(' ')
      return [{ ...limit, id, place, used: spent + this.reservedAt(place) }]
    })
  }

  protected refuseOverLimit(asset: string, subject: Subject, at: number, amount: number): Told | null {
    const [tightest] = this.limitsOn(asset, subject, at)
      .filter(({ mode }) => mode === 'block')
      .sort((one, other) => one.amount - one.used - (other.amount - other.used) || (one.id < other.id ? -1 : 1))
    if (tightest === undefined || tightest.used + amount <= tightest.amount) return null
    return { status: 402, body: { code: 'spend_limit_exceeded', limit: tightest.id } }
  }

  /** The plan covers what the pool pays for; the rest has a price. `own`: the hold whose reservation is not in its way. */
  protected rate(meter: MeterKey, quantity: number, at: number, wallet: string, own: PlacedHold | null): Rated {
    const { covered, reserved } = this.covered(meter, planSpan(at), own)
    const left = isPool(wallet) ? included(this.plan, meter) - covered - reserved : 0
    const free = Math.min(quantity, Math.max(0, left))
    const billed = quantity - free
    const amount = costOf(meter, billed, this.billed(meter, at))
    return { amount, covered: free, billed, isCovered: free > 0 && billed === 0 }
  }

  /** Why usage cannot be understood, whoever pays; null when it can. */
  protected misunderstood(meter: MeterKey, at: number): Told | null {
    if (at < this.now - OLDEST || at > this.now) return refused(422, 'invalid_input')
    if (meter === 'x') return refused(422, 'unknown_meter')
    return meter === 'n' ? refused(422, 'unpriced') : null
  }

  /** Whoever spends, the pool's wallet is looked at too: it guards the account's counters. */
  protected touch(asset: string, member: string | null): void {
    this.wallet(asset)
    this.wallet(this.walletOf(asset, member))
  }

  protected walletOf(asset: string, member: string | null): string {
    return member !== null && this.lite.has(member) ? `${asset} ${member}` : asset
  }

  /** What may be spent beyond the grants: what the overdraft leaves beside the holds that count on it already. */
  protected allowed(name: string): Allowed {
    if (this.overdraft === null || !isPool(name)) return 'refuse'
    const unpinned = this.holds
      .filter(({ wallet, hold }) => wallet === name && hold.status === 'open')
      .reduce((sum, { hold }) => sum + Math.max(0, outstanding(hold) - hold.pins.length), 0)
    return Math.max(0, this.overdraft - unpinned)
  }

  protected figures(name: string, amount: number): Told['body'] {
    const wallet = this.wallet(name)
    const asset = name.split(' ')[0]
    return { asset, amount: `${amount}`, balance: `${wallet.balance}`, available: `${wallet.available()}` }
  }

  protected remember(event: Omit<NaiveEvent, 'line' | 'left'>): void {
    const { lines } = this.wallet(event.wallet)
    const line = event.amount === 0 ? 0 : lines.findLastIndex(({ kind }) => kind === 'usage') + 1
    this.events.push({ ...event, line, left: [...(lines[line - 1]?.moved ?? [])] })
  }

  protected awardPlan(): void {
    if (this.plan !== null) this.award('credit', PLANS[this.plan].gives, planSpan(this.now))
  }

  protected awardLite(member: string): void {
    const allocation = this.lite.get(member)
    if (allocation !== undefined) this.award(`credit ${member}`, allocation, monthSpan(this.now))
  }

  /** Of each period once, and in mid-period what is missing. */
  private award(name: string, gives: number, { from, to }: Span): void {
    const period = `${name} ${from}`
    const had = this.given.get(period) ?? 0
    if (gives <= had) return
    this.wallet(name).credit('grant', gives - had, { ...PLAIN, id: this.newId(), effective: from, expires: to })
    this.given.set(period, gives)
  }

  protected newId(): string {
    this.made += 1
    return `#${this.made}`
  }
}

/** Credit like any other. */
export const PLAIN: Omit<NewLot, 'id' | 'effective' | 'expires'> = { priority: 50, meter: null, isPaid: false }

export function named(amount: number): Rated {
  return { amount, covered: 0, billed: 0, isCovered: false }
}

function outstanding({ status, size, captured, released }: NaiveHold): number {
  return status === 'open' ? Math.max(0, size - captured - released) : 0
}

export function isPool(name: string): boolean {
  return !name.includes(' ')
}

export function refused(status: number, code: string): Told {
  return { status, body: { code } }
}

export function insufficient(required: number, available: number): Told {
  return { status: 402, body: { code: 'insufficient_credits', required: `${required}`, available: `${available}` } }
}
