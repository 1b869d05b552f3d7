/**
 * A second ledger, written as naively as possible to check the real one: it moves one unit at a time, sorts anew for each unit, and lets
 * time pass hour by hour. It shares no code with lib/ledger. Instants are whole hours, amounts small integers.
 */
export type Lot = {
  readonly id: string
  readonly sequence: number
  readonly size: number
  readonly priority: number
  readonly meter: string | null
  readonly isPaid: boolean
  readonly effective: number
  readonly expires: number | null
  free: number
  pinned: number
  isFrozen: boolean
  isVoid: boolean
}

/** An entry, with one word per unit that it moved: a lot's id or `debt`. */
export type Line = { readonly kind: string; readonly hour: number; readonly sign: 1 | -1 | 0; readonly moved: string[] }

export type NaiveHold = {
  readonly id: string
  readonly size: number
  expires: number
  captured: number
  released: number
  status: string
  pins: string[]
}

export type NewLot = Pick<Lot, 'id' | 'priority' | 'meter' | 'isPaid' | 'effective' | 'expires'>
export type Allowed = 'refuse' | 'debt' | number

/** Credit that repaid debt: by which line of the journal, counted from 1, and when it would have expired. */
export type Repayment = { readonly line: number; readonly hour: number; readonly expires: number | null }

export class NaiveLedger {
  readonly lots: Lot[] = []
  readonly lines: Line[] = []
  readonly holds: NaiveHold[] = []
  readonly repayments: Repayment[] = []
  debt = 0
  now = 0

  get balance(): number {
    return this.lots.reduce((sum, lot) => sum + lot.free + lot.pinned, 0) - this.debt
  }

  get held(): number {
    return this.lots.reduce((sum, lot) => sum + lot.pinned, 0)
  }

  /** What some usage could spend now; `unscoped` counts only what any usage could. */
  available(which: 'any' | 'unscoped' = 'any'): number {
    return this.lots
      .filter((lot) => this.pays(lot, lot.meter ?? '') && (which === 'any' || lot.meter === null))
      .reduce((sum, lot) => sum + lot.free, 0)
  }

  lot(id: string): Lot {
    const found = this.lots.find((lot) => lot.id === id)
    if (found === undefined) throw new Error(`no lot ${id}`)
    return found
  }

  /** Lets time pass one hour at a time. */
  pass(hours: number): void {
    for (let passed = 0; passed < hours; passed += 1) {
      this.now += 1
      for (const hold of this.holds)
        if (hold.status === 'open' && hold.expires === this.now) this.close(hold, 'expired')
      for (const lot of this.lots)
        if (lot.expires === this.now && !lot.isFrozen && !lot.isVoid) this.lose(lot, 'expiry')
      this.settle()
    }
  }

  credit(kind: string, size: number, lot: NewLot, hour = this.now): void {
    const moved: string[] = []
    const sequence = this.lines.length + 1
    this.lines.push({ kind, hour, sign: 1, moved })
    let rest = size
    if (this.debt > 0 && lot.effective <= hour) this.repayments.push({ line: sequence, hour, expires: lot.expires })
    while (rest > 0 && this.debt > 0 && lot.effective <= hour) {
      this.debt -= 1
      rest -= 1
      moved.push('debt')
    }
    if (rest === 0) return
    this.lots.push({ ...lot, sequence, size: rest, free: rest, pinned: 0, isFrozen: false, isVoid: false })
    for (let unit = 0; unit < rest; unit += 1) moved.push(lot.id)
  }

  /** How much is available when it is refused, null when it was done. `hour`: when it occurred. */
  spend(size: number, meter: string, allowed: Allowed, hour = this.now): number | null {
    const available = this.availableFor(meter, allowed)
    if (size > available) return available
    this.lines.push({ kind: 'usage', hour, sign: -1, moved: this.draw(size, meter) })
    return null
  }

  hold(id: string, size: number, meter: string, expires: number, allowed: Allowed): number | null {
    const available = this.availableFor(meter, allowed)
    if (size > available) return available
    const pins: string[] = []
    for (let next = this.next(meter); next !== undefined && pins.length < size; next = this.next(meter)) {
      next.free -= 1
      next.pinned += 1
      pins.push(next.id)
    }
    this.holds.push({ id, size, expires, captured: 0, released: 0, status: 'open', pins })
    return null
  }

  /** False when the hold is closed. `isUsed`: something was used, though it may cost nothing. `hour`: when it occurred. */
  capture(
    hold: NaiveHold,
    size: number,
    isFinal: boolean,
    meter: string,
    { isUsed = size > 0, hour = this.now } = {},
  ): boolean {
    if (hold.status === 'captured' || hold.status === 'released') return false
    const moved: string[] = []
    while (moved.length < size && hold.pins.length > 0) {
      const id = hold.pins.shift() ?? ''
      this.lot(id).pinned -= 1
      moved.push(id)
    }
    moved.push(...this.draw(size - moved.length, meter))
    if (size > 0) this.lines.push({ kind: 'usage', hour, sign: -1, moved })
    hold.captured += size
    if (isFinal && hold.status === 'open') this.close(hold, isUsed || hold.captured > 0 ? 'captured' : 'released')
    return true
  }

  release(hold: NaiveHold): boolean {
    if (hold.status === 'captured') return false
    if (hold.status === 'open') this.close(hold, 'released')
    return true
  }

  /** Unwinds the last `size` units of a usage line that earlier reversals left; `left` loses them. */
  reverse(left: string[], size: number, remainder: NewLot): void {
    const moved: string[] = []
    const sequence = this.lines.length + 1
    const returnedTo: Lot[] = []
    const missing = left.slice(-size).filter((word) => word === 'debt').length - this.debt
    if (missing > 0) {
      this.lots.push({ ...remainder, sequence, size: missing, free: 0, pinned: 0, isFrozen: false, isVoid: false })
    }
    for (let unit = 0; unit < size; unit += 1) {
      const word = left.pop() ?? ''
      if (word === 'debt' && this.debt > 0) {
        this.debt -= 1
        moved.push('debt')
        continue
      }
      const lot = this.lot(word === 'debt' ? remainder.id : word)
      lot.free += 1
      moved.push(lot.id)
      if (word !== 'debt' && !returnedTo.includes(lot)) returnedTo.push(lot)
    }
    this.lines.push({ kind: 'reversal', hour: this.now, sign: 1, moved })
    for (const lot of returnedTo) this.lapse(lot)
    this.settle()
    if (missing > 0) this.lapse(this.lot(remainder.id))
  }

  void(lot: Lot): boolean {
    if (lot.isVoid) return true
    if (lot.isFrozen) return false
    lot.isVoid = true
    this.lose(lot, 'reversal')
    return true
  }

  unfreeze(lot: Lot): void {
    if (!lot.isFrozen) return
    lot.isFrozen = false
    this.lapse(lot)
    this.settle()
  }

  /** False when it is refused. */
  takeBack(lot: Lot, size: number, kind: string, lapsed: number, allowed: 'refuse' | 'debt'): boolean {
    if (allowed === 'refuse' && (lot.isFrozen || size > lot.free)) return false
    const moved: string[] = []
    let forgiven = lapsed
    for (let unit = 0; unit < size; unit += 1) {
      if (lot.free > 0) {
        lot.free -= 1
        moved.push(lot.id)
      } else if (forgiven > 0) {
        forgiven -= 1
      } else {
        this.debt += 1
        moved.push('debt')
      }
    }
    if (moved.length > 0) this.lines.push({ kind, hour: this.now, sign: -1, moved })
    this.settle()
    return true
  }

  private availableFor(meter: string, allowed: Allowed): number {
    if (allowed === 'debt') return Number.POSITIVE_INFINITY
    const free = this.lots.filter((lot) => this.pays(lot, meter)).reduce((sum, lot) => sum + lot.free, 0)
    return free + Math.max(0, allowed === 'refuse' ? 0 : allowed - this.debt)
  }

  private draw(size: number, meter: string): string[] {
    return Array.from({ length: size }, () => {
      const next = this.next(meter)
      if (next === undefined) {
        this.debt += 1
        return 'debt'
      }
      next.free -= 1
      return next.id
    })
  }

  private next(meter: string): Lot | undefined {
    return this.lots.filter((lot) => this.pays(lot, meter)).sort(byOrder)[0]
  }

  private pays(lot: Lot, meter: string): boolean {
    const isInForce = lot.effective <= this.now && (lot.expires === null || this.now < lot.expires)
    return lot.free > 0 && isInForce && !lot.isFrozen && !lot.isVoid && (lot.meter === null || lot.meter === meter)
  }

  private close(hold: NaiveHold, status: string): void {
    hold.status = status
    hold.released += Math.max(0, hold.size - hold.captured - hold.released)
    const freed = hold.pins.map((id) => this.lot(id))
    hold.pins = []
    for (const lot of freed) {
      lot.pinned -= 1
      lot.free += 1
    }
    for (const lot of new Set(freed)) this.lapse(lot)
    if (freed.length > 0) this.settle()
  }

  private lapse(lot: Lot): void {
    if (lot.isFrozen) return
    if (lot.isVoid) this.lose(lot, 'reversal')
    else if (lot.expires !== null && lot.expires <= this.now) this.lose(lot, 'expiry')
  }

  private lose(lot: Lot, kind: string): void {
    if (lot.free === 0) return
    this.lines.push({ kind, hour: this.now, sign: -1, moved: Array.from({ length: lot.free }, () => lot.id) })
    lot.free = 0
  }

  private settle(): void {
    const moved: string[] = []
    while (this.debt > 0) {
      const next = this.lots.filter((lot) => lot.meter === null && this.pays(lot, '')).sort(byOrder)[0]
      if (next === undefined) break
      next.free -= 1
      this.debt -= 1
      moved.push(next.id)
      this.repayments.push({ line: this.lines.length + 1, hour: this.now, expires: next.expires })
    }
    if (moved.length > 0) this.lines.push({ kind: 'settlement', hour: this.now, sign: 0, moved })
  }
}

function byOrder(left: Lot, right: Lot): number {
  const keys = (lot: Lot) => [
    lot.priority,
    lot.meter === null ? 1 : 0,
    lot.expires ?? Number.MAX_SAFE_INTEGER,
    lot.isPaid ? 1 : 0,
    lot.effective,
    lot.sequence,
  ]
  const [first, second] = [keys(left), keys(right)]
  const position = first.findIndex((key, index) => key !== second[index])
  return position < 0 ? 0 : (first[position] ?? 0) - (second[position] ?? 0)
}
