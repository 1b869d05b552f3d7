import type { UnitPrice } from '@/lib/money/quantity'
import type { MatrixModel, MatrixRow, PriceDefinition } from './price'

const MOST_DIMENSIONS = 20
const MOST_ROWS = 500

type MatrixDefinition = Extract<PriceDefinition, { model: 'matrix' }>

/** Where a field that is wrong is named, and how a price is read. */
type MatrixReader = {
  readonly refuse: (path: string, message: string) => void
  readonly unitPrice: (path: string, text: string) => UnitPrice
}

/** Reads a matrix: its dimensions, its rows, its default. Refusals are given to the reader, one per field. */
export function readMatrix(definition: MatrixDefinition, reader: MatrixReader): MatrixModel {
  refuseDimensions(definition.dimensions, reader)
  if (definition.rows.length > MOST_ROWS) reader.refuse('rows', `Use at most ${MOST_ROWS} rows.`)
  if (definition.rows.length === 0 && definition.default === undefined) {
    reader.refuse('rows', 'Add at least one row, or a default.')
  }
  refuseMatches(definition, reader)
  return {
    kind: 'matrix',
    dimensions: definition.dimensions,
    rows: definition.rows.map((row, index): MatrixRow => ({
      match: row.match,
      unitPrice: reader.unitPrice(`rows.${index}.unit_price`, row.unit_price),
    })),
    defaultUnitPrice:
      definition.default === undefined ? null : reader.unitPrice('default.unit_price', definition.default.unit_price),
  }
}

function refuseDimensions(dimensions: readonly string[], reader: MatrixReader): void {
  if (dimensions.length === 0) reader.refuse('dimensions', 'Name at least one dimension.')
  if (dimensions.length > MOST_DIMENSIONS) reader.refuse('dimensions', `Name at most ${MOST_DIMENSIONS} dimensions.`)
  dimensions.forEach((dimension, index) => {
    const path = `dimensions.${index}`
    if (dimension === '') reader.refuse(path, 'Name this dimension.')
    else if (dimensions.indexOf(dimension) < index) reader.refuse(path, 'Remove this dimension: it is listed before.')
  })
}

function refuseMatches({ dimensions, rows }: MatrixDefinition, reader: MatrixReader): void {
  const firstRowOf = new Map<string, number>()
  rows.forEach(({ match }, index) => {
    const path = `rows.${index}.match`
    const entries = Object.entries(match)
    if (entries.length === 0) reader.refuse(path, 'Name at least one dimension. For all other usage, set a default.')
    for (const [dimension] of entries) {
      if (!dimensions.includes(dimension)) {
        reader.refuse(`${path}.${dimension}`, 'Add this dimension to `dimensions`, or remove it here.')
      }
    }

    const key = JSON.stringify(entries.sort(([left], [right]) => (left < right ? -1 : 1)))
    const first = firstRowOf.get(key)
    if (first === undefined) firstRowOf.set(key, index)
    else if (entries.length > 0) reader.refuse(path, `Remove this row: it matches the same usage as rows.${first}.`)
  })
}
