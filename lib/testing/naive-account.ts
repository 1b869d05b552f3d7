import { assetOf, monthSpan, planSpan, type MeterKey, type PlanKey } from './naive-catalogue'
import { insufficient, isPool, named, NaiveCounts, PLAIN, refused } from './naive-counts'
import type { NaiveEvent, PlacedHold, Subject, Told, Use } from './naive-counts'
import type { NewLot } from './naive-ledger'

export type Size =
  { readonly meter: MeterKey; readonly quantity: number } | { readonly asset: string; readonly amount: number }

/** A capture of so many units of the hold's meter, or of its asset. `at`: when it occurred; null: now, and not sent. */
export type Taking = {
  readonly id: string
  readonly size: number
  readonly by: 'quantity' | 'amount'
  readonly isFinal: boolean
  readonly at: number | null
}

/**
 * One organization, written as naively as possible to check the real product: every figure is counted anew from the list of what happened,
 * each wallet is a `NaiveLedger`. It shares no code with the product.
 */
export class NaiveAccount extends NaiveCounts {
  /** Does hour by hour what falls due, until the clock stands `hours` further. */
  advance(hours: number): void {
    for (const name of this.wallets.keys()) this.wallet(name)
    for (let passed = 0; passed < hours; passed += 1) {
      this.now += 1
      for (const name of this.wallets.keys()) this.wallet(name)
      if (planSpan(this.now).from === this.now) this.awardPlan()
      if (monthSpan(this.now).from === this.now) for (const member of this.lite.keys()) this.awardLite(member)
    }
  }

  /** Moves the clock while nobody does what falls due. Never into another period. */
  jump(hours: number): boolean {
    const to = this.now + hours
    if (planSpan(to).from > this.now || monthSpan(to).from > this.now) return false
    this.now = to
    return true
  }

  grant(asset: string, size: number, lot: Omit<NewLot, 'id'>): Told {
    if (lot.expires !== null && lot.expires <= this.now) return refused(422, 'invalid_input')
    const wallet = this.wallet(asset)
    const before = wallet.lots.length
    wallet.credit('grant', size, { ...lot, id: this.newId() })
    const amount = `${wallet.lots[before]?.size ?? 0}`
    return { status: 201, body: { amount, remaining: amount, held: '0' } }
  }

  void(name: string, index: number): Told {
    const wallet = this.wallet(name)
    const lot = wallet.lots[index]
    if (lot === undefined) throw new Error(`no lot ${index} in ${name}`)
    wallet.void(lot)
    return { status: 200, body: { status: 'void', remaining: `${lot.free + lot.pinned}`, held: `${lot.pinned}` } }
  }

  setPlan(plan: PlanKey | null): void {
    this.plan = plan
    this.awardPlan()
  }

  setMember(member: string, allocation: number | null): void {
    if (allocation === null) this.lite.delete(member)
    else this.lite.set(member, allocation)
    this.awardLite(member)
  }

  record(use: Use): Told {
    if (use.quantity < 0) return refused(422, 'invalid_input')
    const at = use.at ?? this.now
    const problem = this.misunderstood(use.meter, at)
    if (problem === null) this.touch(assetOf(use.meter), use.member)
    const said = JSON.stringify([use.meter, use.quantity, use.at, use.member, use.key])
    const known = this.events.find(({ id }) => id === use.id)
    if (known !== undefined) {
      if (known.said !== said) return refused(409, 'idempotency_conflict')
      return { status: 200, body: { ...known.told, outcome: 'duplicate' } }
    }
    if (problem !== null) return problem
    const name = this.walletOf(assetOf(use.meter), use.member)
    const rated = this.rate(use.meter, use.quantity, at, name, null)
    const over = this.refuseOverLimit(assetOf(use.meter), use, at, rated.amount)
    if (over !== null) return over
    const wallet = this.wallet(name)
    if (rated.amount > 0) {
      const available = wallet.spend(rated.amount, use.meter, this.allowed(name), at)
      if (available !== null) return insufficient(rated.amount, available)
    }
    const outcome = rated.isCovered ? 'covered' : use.meter === 'f' ? 'free' : 'charged'
    const told = { id: use.id, outcome, covered_by_allowance: `${rated.covered}`, ...this.figures(name, rated.amount) }
    this.remember({ ...use, said, wallet: name, asset: assetOf(use.meter), at, ...rated, told })
    return { status: 201, body: told }
  }

  authorize(size: Size, subject: Subject, hours: number): Told {
    const meter = 'meter' in size ? size.meter : null
    const problem = meter === null ? null : this.misunderstood(meter, this.now)
    if (problem !== null) return problem
    const asset = 'asset' in size ? size.asset : assetOf(size.meter)
    this.touch(asset, subject.member)
    const name = this.walletOf(asset, subject.member)
    const wallet = this.wallet(name)
    const rated = 'asset' in size ? named(size.amount) : this.rate(size.meter, size.quantity, this.now, name, null)
    if (wallet.debt > 0 && !(this.overdraft !== null && isPool(name))) {
      return { status: 402, body: { code: 'debt_unsettled', debt: `${wallet.debt}` } }
    }
    const over = this.refuseOverLimit(asset, subject, this.now, rated.amount)
    if (over !== null) return over
    const available = wallet.hold(this.newId(), rated.amount, meter ?? '', this.now + hours, this.allowed(name))
    if (available !== null) return insufficient(rated.amount, available)
    const hold = wallet.holds.at(-1)
    if (hold === undefined) throw new Error('no hold was made')
    const places = this.limitsOn(asset, subject, this.now).map(({ place }) => place)
    const allowanceFrom = planSpan(this.now).from
    this.holds.push({ ...subject, hold, wallet: name, asset, meter, places, allowanceFrom, reserved: rated.covered })
    return { status: 201, body: { status: 'open', asset, amount: `${rated.amount}`, captured: '0', released: '0' } }
  }

  /** What a dry run of an authorization shows: price, allowance and limits. Null while something due is not booked yet. */
  probe(meter: MeterKey, quantity: number, subject: Subject): Told | null {
    if ([...this.wallets.values()].some(({ now }) => now < this.now)) return null
    const asset = assetOf(meter)
    const rated = this.rate(meter, quantity, this.now, this.walletOf(asset, subject.member), null)
    const limits = this.limitsOn(asset, subject, this.now)
      .sort((one, other) => (one.id < other.id ? -1 : 1))
      .map(({ id, used, amount }) => ({ id, used: `${used}`, amount: `${amount}` }))
    return { status: 200, body: { asset, amount: `${rated.amount}`, covered_by_allowance: `${rated.covered}`, limits } }
  }

  capture(placed: PlacedHold, taking: Taking): Told {
    const { hold, asset, wallet: name, meter, member, key } = placed
    const { id, size, by, isFinal } = taking
    const at = taking.at ?? this.now
    const isPriced = by === 'quantity' && meter !== null
    const isNonsense = by === 'quantity' && meter === null
    const problem = isNonsense ? refused(422, 'invalid_input') : this.misunderstood(isPriced ? meter : 'a', at)
    if (problem === null) this.touch(asset, null)
    if (problem === null) this.wallet(name)
    const said = JSON.stringify([hold.id, { ...taking, id: '' }])
    const known = this.events.find((event) => event.id === id)
    if (known?.said === said) return { status: 200, body: known.told }
    if (known !== undefined) return refused(409, 'idempotency_conflict')
    if (problem !== null) return problem
    const rated = isPriced ? this.rate(meter, size, at, name, placed) : named(size)
    const late = hold.status === 'expired'
    const done = this.wallet(name).capture(hold, rated.amount, isFinal, meter ?? '', { isUsed: size > 0, hour: at })
    if (!done) return refused(409, 'invalid_state')
    if (planSpan(at).from === placed.allowanceFrom) placed.reserved -= Math.min(placed.reserved, rated.covered)
    const { status, captured, released } = hold
    const told = { status, captured: `${captured}`, released: `${released}`, late, ...this.figures(name, rated.amount) }
    this.remember({ ...rated, id, said, member, key, meter: meter ?? '', wallet: name, asset, at, told })
    return { status: 200, body: told }
  }

  release({ hold, asset, wallet }: PlacedHold): Told {
    this.touch(asset, null)
    if (!this.wallet(wallet).release(hold)) return refused(409, 'invalid_state')
    return { status: 200, body: { status: hold.status, captured: `${hold.captured}`, released: `${hold.released}` } }
  }

  extend({ hold, asset, wallet }: PlacedHold, hours: number): Told {
    this.touch(asset, null)
    this.wallet(wallet)
    if (hold.status !== 'open') return refused(409, 'invalid_state')
    hold.expires = this.now + hours
    return { status: 200, body: { status: 'open', amount: `${hold.size}` } }
  }

  /** Takes back a charge. Refused, it leaves the wallet untouched. */
  reverse({ wallet: name, left, line, amount }: NaiveEvent, size: number | null): Told {
    if (amount === 0) return refused(409, 'invalid_state')
    const wanted = size ?? left.length
    if (wanted === 0 || wanted > left.length) return refused(422, 'invalid_input')
    const wallet = this.wallet(name)
    const soonest = wallet.repayments
      .filter((repayment) => repayment.line > line && repayment.expires !== null)
      .sort((one, other) => (one.expires ?? 0) - (other.expires ?? 0))[0]
    const expires = soonest?.expires ?? null
    const effective = expires === null || expires > this.now ? this.now : (soonest?.hour ?? this.now)
    wallet.reverse(left, wanted, { ...PLAIN, id: this.newId(), effective, expires })
    return { status: 201, body: { kind: 'reversal', amount: `${wanted}` } }
  }
}
