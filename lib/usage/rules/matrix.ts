import type { UnitPrice } from '@/lib/money/quantity'
import type { MatrixModel, MatrixRow } from './price'

/** What of a usage event a matrix can be keyed by: its `model`, and its dimensions by name. */
type Dimensioned = { readonly dimensions: Readonly<Record<string, string>>; readonly model: string | null }

/** The price that applied, and the row's values that matched; null where the default applied. */
type MatrixPrice = { readonly unitPrice: UnitPrice; readonly match: Readonly<Record<string, string>> | null }

/**
 * The unit price of the most specific matching row: the one that names most dimensions. Among rows that name equally many,
 * the one that names the dimension listed first in `dimensions` wins, so the order of rows never matters. No matching row:
 * the default; no default: null, which is not the same as free.
 */
export function findMatrixPrice(matrix: MatrixModel, usage: Dimensioned): MatrixPrice | null {
  let best: MatrixRow | null = null
  for (const row of matrix.rows) {
    if (isMatch(row, usage) && (best === null || isMoreSpecific(matrix.dimensions, row, best))) best = row
  }
  if (best !== null) return best
  return matrix.defaultUnitPrice === null ? null : { unitPrice: matrix.defaultUnitPrice, match: null }
}

function isMatch(row: MatrixRow, usage: Dimensioned): boolean {
  return Object.entries(row.match).every(([dimension, value]) => dimensionOf(usage, dimension) === value)
}

/** The event's own `model` field is the dimension of that name. */
function dimensionOf({ dimensions, model }: Dimensioned, dimension: string): string | null {
  if (dimension === 'model' && model !== null) return model
  return dimensions[dimension] ?? null
}

function isMoreSpecific(dimensions: readonly string[], row: MatrixRow, than: MatrixRow): boolean {
  const difference = Object.keys(row.match).length - Object.keys(than.match).length
  if (difference !== 0) return difference > 0
  for (const dimension of dimensions) {
    const isNamed = Object.hasOwn(row.match, dimension)
    if (isNamed !== Object.hasOwn(than.match, dimension)) return isNamed
  }
  return false
}
