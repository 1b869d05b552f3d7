import type { ArithmeticLine, TierSpan } from '@/lib/usage/rules/arithmetic'

/** A row of "how it was worked out", as the page's table wants it. Figures are decimal strings. */
export type ArithmeticRow = {
  readonly label: string
  readonly unit: string
  readonly quantity: string
  readonly billed: string
  /** Null for a part that is free or covered. */
  readonly unitPrice: string | null
  readonly amount: string
  readonly note: string | null
}

/** What was metered, in words. */
export type Metered = {
  readonly name: string
  readonly unit: 'count' | 'second' | 'hour'
  /** As the event said it, before minimum and rounding. */
  readonly quantity: string
  /** The part that the plan covered; "0" when none. */
  readonly covered: string
}

const SHORT_UNITS = { count: 'unit', second: 's', hour: 'h' } as const
const STEPS = { count: 'whole units', second: 'whole seconds', hour: 'whole hours' } as const

/**
 * Writes the lines of a rating as rows of a table: the minimum and the rounding of a quantity become notes of the row they led to, the
 * rounding of the charge a note of the last one. Labels are different from each other.
 */
export function arithmeticRows(lines: readonly ArithmeticLine[], metered: Metered): readonly ArithmeticRow[] {
  const quantityNotes = lines.flatMap((line) => quantityNote(line, metered) ?? [])
  const priced = lines.flatMap((line) => pricedRow(line, metered) ?? [])
  const rows = priced.map((row, index) =>
    index === 0 && quantityNotes.length > 0
      ? { ...row, quantity: measuredBefore(lines) ?? row.quantity, note: joinNotes([...quantityNotes, row.note]) }
      : row,
  )
  return [...coveredRows(metered), ...withRounding(rows, lines)]
}

/** How a unit is written after a quantity. */
export function unitWord(unit: Metered['unit'], quantity: string): string {
  return unit === 'count' && quantity !== '1' ? 'units' : SHORT_UNITS[unit]
}

function coveredRows({ unit, covered }: Metered): readonly ArithmeticRow[] {
  if (covered === '0') return []
  const row = { unit: SHORT_UNITS[unit], quantity: covered, billed: covered, unitPrice: null, amount: '0' }
  return [{ ...row, label: 'Covered by your plan', note: 'included in the allowance of this period' }]
}

function quantityNote(line: ArithmeticLine, { unit }: Metered): string | null {
  if (line.step === 'minimum') return `billed as at least ${line.billed} ${SHORT_UNITS[unit]}`
  if (line.step !== 'round_up') return null
  return line.multiple === '1' ? `rounded up to ${STEPS[unit]}` : `rounded up to a multiple of ${line.multiple}`
}

function measuredBefore(lines: readonly ArithmeticLine[]): string | null {
  const first = lines.find((line) => line.step === 'minimum' || line.step === 'round_up')
  return first === undefined || !('quantity' in first) ? null : first.quantity
}

function pricedRow(line: ArithmeticLine, metered: Metered): ArithmeticRow | null {
  const { name } = metered
  const unit = SHORT_UNITS[metered.unit]
  switch (line.step) {
    case 'units': {
      const { quantity, price: unitPrice, subtotal: amount } = line
      const label = line.tier === null ? name : `${name}, tier ${line.tier.number}`
      return { label, unit, quantity, billed: quantity, unitPrice, amount, note: unitsNote(line, unit) }
    }
    case 'flat': {
      const label = `Flat price of tier ${line.tier.number}`
      const row = { label, unit: 'tier', quantity: '1', billed: '1', unitPrice: line.price, amount: line.subtotal }
      return { ...row, note: 'due once a period, with the first unit in the tier' }
    }
    case 'package':
      return {
        label: `${name}, packages of ${line.size}`,
        unit: 'package',
        quantity: line.quantity,
        billed: line.begun,
        unitPrice: line.price,
        amount: line.subtotal,
        note: `${line.counted} used before in this period; a package is charged when it is begun`,
      }
    default:
      return null
  }
}

function unitsNote(line: Extract<ArithmeticLine, { step: 'units' }>, unit: string): string | null {
  const match = line.match === null ? [] : Object.entries(line.match).map(([name, value]) => `${name} ${value}`)
  return joinNotes([line.tier === null ? null : tierNote(line.tier, unit), ...match])
}

function tierNote({ from, to }: TierSpan<string>, unit: string): string {
  return to === null ? `above ${from} ${unit}` : `from ${from} to ${to} ${unit}`
}

/** A charge that was rounded says so; where it came from one row, that row shows what was charged. */
function withRounding(rows: readonly ArithmeticRow[], lines: readonly ArithmeticLine[]): readonly ArithmeticRow[] {
  const last = rows.at(-1)
  const rounding = lines.find((line) => line.step === 'rounding')
  if (last === undefined || rounding?.step !== 'rounding' || rounding.exact === rounding.rounded) return rows
  const note = joinNotes([last.note, `${rounding.exact} exactly, rounded once to ${rounding.rounded}`])
  const amount = rows.length === 1 ? rounding.rounded : last.amount
  return [...rows.slice(0, -1), { ...last, amount, note }]
}

function joinNotes(notes: readonly (string | null)[]): string | null {
  const said = notes.filter((note) => note !== null)
  return said.length === 0 ? null : said.join('; ')
}
