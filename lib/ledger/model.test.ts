import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { NaiveLedger, type Allowed, type Line, type Lot, type NewLot } from '@/lib/testing/naive-ledger'
import { aBook, hour, units } from '@/lib/testing/ledger'
import { cents } from '@/lib/money/cents'
import { summarize } from './balance'
import { changedGrants, freeOf, grantOf } from './book'
import { canonicalLine } from './canonical'
import { capture } from './capture'
import { credit } from './credit'
import { bookDue } from './due'
import { freezeGrant, unfreezeGrant } from './freeze'
import { hold as authorize } from './hold'
import { findBreaches, verifyChain, type ChainedEntry } from './invariants'
import { takeBack } from './refund'
import { release } from './release'
import { reverse } from './reverse'
import { spend } from './spend'
import type { Book, EntryDraft, HoldState, NewGrant, Shortfall, SpendContext } from './types'
import { voidGrant } from './void'

const size = fc.integer({ min: 1, max: 12 })
const pick = fc.nat({ max: 30 })
const meter = fc.constantFrom('a', 'b')
const allowed: fc.Arbitrary<Allowed> = fc.constantFrom<Allowed>('refuse', 'debt', 6)
const planned: fc.Arbitrary<Exclude<Allowed, 'debt'>> = fc.constantFrom<Exclude<Allowed, 'debt'>>('refuse', 6)

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      verb: fc.constant('credit' as const),
      size,
      priority: fc.constantFrom(0, 50, 100),
      meter: fc.constantFrom(null, null, 'a', 'b'),
      isPaid: fc.boolean(),
      delay: fc.constantFrom(-1, 0, 0, 0, 1, 3),
      life: fc.constantFrom(null, null, 2, 3, 5),
    }),
  },
  { weight: 4, arbitrary: fc.record({ verb: fc.constant('spend' as const), size, meter, allowed }) },
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constant('hold' as const),
      size,
      meter,
      planned,
      life: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      verb: fc.constant('capture' as const),
      pick,
      size: fc.nat({ max: 12 }),
      isFinal: fc.boolean(),
      meter,
    }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('release' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('reverse' as const), pick, size: fc.option(size) }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constantFrom('void', 'freeze', 'unfreeze'), pick }) },
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constant('takeBack' as const),
      pick,
      size,
      kind: fc.constantFrom('refund' as const, 'dispute' as const),
      lapsed: fc.constantFrom(0, 0, 2),
      shortfall: fc.constantFrom('refuse' as const, 'debt' as const),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never
type StepOf<Verb extends Step['verb']> = Extract<Step, { verb: Verb }>

/** The real ledger and the naive one, driven side by side. */
class Pair {
  readonly naive = new NaiveLedger()
  book: Book = aBook()
  readonly entries: EntryDraft[] = []
  readonly holds: HoldState[] = []
  readonly usages: { entry: EntryDraft; left: string[]; reversed: number }[] = []
  private made = 0

  get at(): Date {
    return hour(this.naive.now)
  }

  context(meterKey: string): SpendContext {
    return { at: this.at, meter: meterKey }
  }

  /** Books what came due in both: one jump here, hour by hour there. */
  advance(hours: number): void {
    this.naive.pass(hours)
    const due = bookDue(this.book, this.at, this.holds)
    this.keep(due)
    for (const expired of due.holds) this.keepHold(expired)
  }

  run(next: Step): void {
    switch (next.verb) {
      case 'credit':
        return this.credit(next)
      case 'spend':
        return this.spend(next)
      case 'hold':
        return this.hold(next)
      case 'capture':
        return this.capture(next)
      case 'release':
        return this.release(next)
      case 'reverse':
        return this.reverse(next)
      case 'takeBack':
        return this.takeBack(next)
      default:
        return this.mark(next.verb, next.pick)
    }
  }

  check(): void {
    const { naive, book } = this
    expect(this.entries.map(wordsOfEntry)).toEqual(naive.lines.map(wordsOfLine))
    expect(book.wallet).toMatchObject({
      balance: BigInt(naive.balance),
      held: BigInt(naive.lots.reduce((sum, lot) => sum + lot.pinned, 0)),
      debt: BigInt(naive.debt),
      lastSequence: BigInt(naive.lines.length),
    })
    for (const lot of naive.lots) {
      const { remaining, held, amount, sequence, frozen, voided } = grantOf(book, lot.id)
      const figures = [lot.free + lot.pinned, lot.pinned, lot.size, lot.sequence].map(BigInt)
      expect([remaining, held, amount, sequence, frozen, voided]).toEqual([...figures, lot.isFrozen, lot.isVoid])
    }
    expect(book.grants).toHaveLength(naive.lots.length)
    expect(this.holds.map(({ status, captured, released }) => [status, captured, released])).toEqual(
      naive.holds.map(({ status, captured, released }) => [status, BigInt(captured), BigInt(released)]),
    )
    expect(summarize(book, this.at)).toEqual(summaryOf(naive))
    expect(findBreaches(book, this.at, this.holds)).toEqual([])
    expect(this.entries.reduce((sum, entry) => sum + entry.amount, 0n)).toBe(book.wallet.balance)
  }

  private credit(next: StepOf<'credit'>): void {
    const effective = this.naive.now + next.delay
    const expires = next.life === null ? null : effective + next.life
    const lot = { ...next, id: this.newId(), effective, expires }
    this.naive.credit('grant', next.size, lot)
    const result = credit(this.book, {
      kind: 'grant',
      amount: units(next.size),
      grant: grantOfLot(lot),
      at: this.at,
      occurredAt: this.at,
    })
    if (!result.ok) throw new Error('refused')
    this.keep({ book: result.value.book, entries: [result.value.entry] })
  }

  private spend(next: StepOf<'spend'>): void {
    const available = this.naive.spend(next.size, next.meter, next.allowed)
    const result = spend(this.book, {
      amount: units(next.size),
      kind: 'usage',
      context: this.context(next.meter),
      occurredAt: this.at,
      shortfall: shortfallOf(next.allowed),
    })
    if (!result.ok) return this.expectRefusal(result.error, next.size, available)
    expect(available).toBeNull()
    this.keep({ book: result.value.book, entries: [result.value.entry] })
    this.keepUsage(result.value.entry)
  }

  private hold(next: StepOf<'hold'>): void {
    const id = this.newId()
    const expires = this.naive.now + next.life
    const available = this.naive.hold(id, next.size, next.meter, expires, next.planned)
    const context = this.context(next.meter)
    const shortfall = next.planned === 'refuse' ? next.planned : { overdraftLimit: units(next.planned) }
    const result = authorize(this.book, { id, amount: units(next.size), context, expiresAt: hour(expires), shortfall })
    if (!result.ok) return this.expectRefusal(result.error, next.size, available)
    expect(available).toBeNull()
    this.keep({ book: result.value.book, entries: [] })
    this.holds.push(result.value.hold)
  }

  private capture(next: StepOf<'capture'>): void {
    const found = this.chosenHold(next.pick)
    if (found === null) return
    const done = this.naive.capture(found.twin, next.size, next.isFinal, next.meter)
    const context = this.context(next.meter)
    const request = {
      ...{ amount: units(next.size), hasUsage: next.size > 0 },
      ...{ isFinal: next.isFinal, context, occurredAt: this.at },
    }
    const result = capture(this.book, found.hold, request)
    expect(result.ok).toBe(done)
    if (!result.ok) return
    expect(result.value.isLate).toBe(found.hold.status === 'expired')
    this.keep(result.value)
    this.keepHold(result.value.hold)
    if (result.value.entry !== null) this.keepUsage(result.value.entry)
  }

  private release(next: StepOf<'release'>): void {
    const found = this.chosenHold(next.pick)
    if (found === null) return
    const done = this.naive.release(found.twin)
    const result = release(this.book, found.hold, this.at)
    expect(result.ok).toBe(done)
    if (!result.ok) return
    this.keep(result.value)
    this.keepHold(result.value.hold)
  }

  private reverse(next: StepOf<'reverse'>): void {
    const usage = this.usages[next.pick % Math.max(1, this.usages.length)]
    if (usage === undefined) return
    const wanted = next.size ?? usage.left.length
    const lot: NewLot = {
      id: this.newId(),
      priority: 50,
      meter: null,
      isPaid: false,
      effective: this.naive.now,
      expires: null,
    }
    const result = reverse(this.book, {
      original: usage.entry,
      alreadyReversed: units(usage.reversed),
      amount: next.size === null ? null : units(next.size),
      remainder: grantOfLot(lot),
      at: this.at,
      occurredAt: this.at,
    })
    if (wanted === 0 || wanted > usage.left.length) {
      expect(result).toEqual({ ok: false, error: { code: 'exceeds_charge', reversible: BigInt(usage.left.length) } })
      return
    }
    this.naive.reverse(usage.left, wanted, lot)
    if (!result.ok) throw new Error(result.error.code)
    usage.reversed += wanted
    this.keep(result.value)
  }

  private takeBack(next: StepOf<'takeBack'>): void {
    const lot = this.naive.lots[next.pick % Math.max(1, this.naive.lots.length)]
    if (lot === undefined) return
    const free = freeOf(grantOf(this.book, lot.id))
    const result = takeBack(this.book, {
      kind: next.kind,
      grantId: lot.id,
      amount: units(next.size),
      lapsed: units(next.lapsed),
      shortfall: next.shortfall,
      at: this.at,
      occurredAt: this.at,
    })
    const wasFrozen = lot.isFrozen
    const done = this.naive.takeBack(lot, next.size, next.kind, next.lapsed, next.shortfall)
    if (result.ok) {
      expect(done).toBe(true)
      return this.keep(result.value)
    }
    expect(done).toBe(false)
    expect(result.error).toEqual(wasFrozen ? { code: 'grant_frozen' } : { code: 'exceeds_unspent', refundable: free })
  }

  private mark(verb: 'void' | 'freeze' | 'unfreeze', choice: number): void {
    const lot = this.naive.lots[choice % Math.max(1, this.naive.lots.length)]
    if (lot === undefined) return
    if (verb === 'freeze') {
      lot.isFrozen = true
      return this.keep({ book: freezeGrant(this.book, lot.id), entries: [] })
    }
    if (verb === 'unfreeze') {
      this.naive.unfreeze(lot)
      return this.keep(unfreezeGrant(this.book, lot.id, this.at))
    }
    const done = this.naive.void(lot)
    const result = voidGrant(this.book, lot.id, this.at)
    expect(result.ok).toBe(done)
    if (result.ok) this.keep(result.value)
  }

  private expectRefusal(error: { code: string }, required: number, available: number | null): void {
    if (available === null) throw new Error(`refused with ${error.code}, and the naive ledger did it`)
    expect(error).toEqual({ code: 'insufficient_credits', required: BigInt(required), available: BigInt(available) })
  }

  private chosenHold(choice: number) {
    const index = choice % Math.max(1, this.holds.length)
    const [state, twin] = [this.holds[index], this.naive.holds[index]]
    return state === undefined || twin === undefined ? null : { hold: state, twin }
  }

  private keep(next: { readonly book: Book; readonly entries: readonly EntryDraft[] }): void {
    const changed = new Set(changedGrants(this.book, next.book).map((grant) => grant.id))
    for (const entry of next.entries) {
      for (const { grantId } of entry.allocations) expect(changed).toContain(grantId)
    }
    this.entries.push(...next.entries)
    this.book = next.book
    freezeDeep(this.book)
  }

  private keepHold(next: HoldState): void {
    this.holds[this.holds.findIndex((other) => other.id === next.id)] = next
  }

  private keepUsage(entry: EntryDraft): void {
    const line = this.naive.lines.findLast((candidate) => candidate.kind === 'usage')
    this.usages.push({ entry, left: [...(line?.moved ?? [])], reversed: 0 })
  }

  private newId(): string {
    this.made += 1
    return `id${this.made}`
  }
}

/** The figures of a balance, added up from the naive ledger's lots. */
function summaryOf({ balance, debt, now, lots }: NaiveLedger) {
  const sum = (list: readonly Lot[]) => BigInt(list.reduce((total, lot) => total + lot.free, 0))
  const alive = lots.filter((lot) => lot.free > 0)
  const usable = alive.filter((lot) => !lot.isFrozen)
  const spendable = usable.filter((lot) => lot.effective <= now && (lot.expires ?? now + 1) > now)
  const next = Math.min(...usable.flatMap(({ expires }) => (expires !== null && expires > now ? [expires] : [])))
  return {
    balance: BigInt(balance),
    held: BigInt(lots.reduce((total, lot) => total + lot.pinned, 0)),
    available: sum(spendable),
    unrestricted: sum(spendable.filter((lot) => lot.meter === null)),
    upcoming: sum(usable.filter((lot) => lot.effective > now)),
    frozen: sum(alive.filter((lot) => lot.isFrozen)),
    debt: BigInt(debt),
    nextExpiry: Number.isFinite(next)
      ? { amount: sum(usable.filter((lot) => lot.expires === next)), at: hour(next) }
      : null,
  }
}

function shortfallOf(policy: Allowed): Shortfall {
  return typeof policy === 'number' ? { overdraftLimit: units(policy) } : policy
}

function grantOfLot(lot: NewLot): NewGrant {
  return {
    id: lot.id,
    source: 'adjustment',
    purpose: 'a test',
    priority: lot.priority,
    scope: lot.meter === null ? null : { meters: [lot.meter] },
    costBasisCents: cents(lot.isPaid ? 1n : 0n),
    effectiveAt: hour(lot.effective),
    expiresAt: lot.expires === null ? null : hour(lot.expires),
    paymentId: null,
  }
}

/** An entry in words that do not say how it was computed. Neighbouring allocations of one grant read as one. */
function wordsOfEntry(entry: EntryDraft) {
  const moved = entry.allocations.flatMap(({ grantId, amount }) =>
    Array.from({ length: Number(amount < 0n ? -amount : amount) }, () => grantId),
  )
  const { kind, amount, debtChange, occurredAt } = entry
  return { kind, amount, debtChange, occurredAt, moved }
}

function wordsOfLine({ kind, hour: at, sign, moved }: Line) {
  const debts = moved.filter((word) => word === 'debt').length
  return {
    kind,
    amount: BigInt(sign * moved.length),
    debtChange: BigInt(sign === 0 ? -moved.length : -sign * debts),
    occurredAt: hour(at),
    moved: moved.filter((word) => word !== 'debt'),
  }
}

function freezeDeep(book: Book): void {
  Object.freeze(book)
  Object.freeze(book.wallet)
  Object.freeze(book.grants)
  for (const grant of book.grants) Object.freeze(grant)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function chain(entries: readonly EntryDraft[]): readonly ChainedEntry[] {
  let previousHash = '0'.repeat(64)
  return entries.map((entry) => {
    const details = {
      createdAt: entry.occurredAt,
      idempotencyKey: 'key',
      actor: 'job',
      description: '',
      references: {},
    }
    const line = { ...entry, ...details, accountId: 'account', walletId: 'wallet', previousHash }
    previousHash = sha256(canonicalLine(line))
    return { ...line, hash: previousHash }
  })
}

test('any sequence of operations leaves the figures, entries and holds that a naive ledger has, and no invariant is ever broken', () => {
  const seen = new Set<string>()
  const steps = fc.array(fc.tuple(fc.constantFrom(0, 0, 0, 1, 2), step), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(steps, (plan) => {
      const pair = new Pair()
      for (const [hours, next] of plan) {
        pair.advance(hours)
        pair.check()
        pair.run(next)
        pair.check()
      }
      pair.advance(12)
      pair.check()
      expect(verifyChain(chain(pair.entries), sha256).breaches).toEqual([])
      for (const entry of pair.entries) seen.add(entry.kind)
    }),
    { numRuns: 200 },
  )
  expect([...seen].sort()).toEqual(['dispute', 'expiry', 'grant', 'refund', 'reversal', 'settlement', 'usage'])
})
