import type { FieldError } from '@/lib/errors'
import type { DecimalRefusal, ParsedDecimal } from '@/lib/money/decimal'
import { DECIMAL_PLACES, formatQuantity, formatUnitPrice, parseQuantity, parseUnitPrice } from '@/lib/money/quantity'
import { ZERO_QUANTITY, type Quantity, type UnitPrice } from '@/lib/money/quantity'
import { err, ok, type Result } from '@/lib/result'
import { readMatrix } from './read-matrix'
import type { PriceDefinition, PriceModel, PriceTerms, Tier } from './price'

const DEFAULT_ASSET = 'credit'
const DEFAULT_PERIOD = 'month'
const MOST_TIERS = 100
const FREE = 0n as UnitPrice

const REFUSALS: Readonly<Record<DecimalRefusal, string>> = {
  not_a_decimal: 'Use a plain decimal of zero or more, such as "0.004".',
  too_many_decimals: `Use at most ${DECIMAL_PLACES} decimals.`,
  out_of_range: 'Use a smaller number.',
}

/**
 * Reads the terms of a price from their stored or wire form. Quantities and prices have at most twelve decimals.
 * Errors: one per field that is wrong, its path as in the definition (`tiers.1.up_to`).
 */
export function readPriceDefinition(definition: PriceDefinition): Result<PriceTerms, readonly FieldError[]> {
  const errors: FieldError[] = []
  const reader = priceReader(errors)
  const terms: PriceTerms = {
    asset: definition.asset ?? DEFAULT_ASSET,
    period: definition.period ?? DEFAULT_PERIOD,
    model: readModel(definition, reader),
    minimumQuantity: readOptional('minimum_quantity', definition.minimum_quantity, reader),
  }
  return errors.length === 0 ? ok(terms) : err(errors)
}

/** Writes the terms of a price in the form that is stored and sent: decimal strings, defaults spelled out. */
export function writePriceDefinition(terms: PriceTerms): PriceDefinition {
  const minimum = terms.minimumQuantity === null ? {} : { minimum_quantity: formatQuantity(terms.minimumQuantity) }
  return { ...writeModel(terms.model), ...minimum, asset: terms.asset, period: terms.period }
}

/** Collects what is wrong with a price definition, so that every field is named at once. */
type Reader = {
  readonly refuse: (path: string, message: string) => void
  readonly unitPrice: (path: string, text: string) => UnitPrice
  readonly positiveQuantity: (path: string, text: string) => Quantity
}

function priceReader(errors: FieldError[]): Reader {
  const refuse = (path: string, message: string): void => void errors.push({ path, message })
  const read = <Value>(path: string, parsed: ParsedDecimal<Value>, otherwise: Value): Value => {
    if (parsed.ok) return parsed.value
    refuse(path, REFUSALS[parsed.error])
    return otherwise
  }
  return {
    refuse,
    unitPrice: (path, text) => read(path, parseUnitPrice(text), FREE),
    positiveQuantity: (path, text) => {
      const parsed = parseQuantity(text)
      if (parsed.ok && parsed.value === 0n) refuse(path, 'Use more than zero.')
      return read(path, parsed, ZERO_QUANTITY)
    },
  }
}

function readModel(definition: PriceDefinition, reader: Reader): PriceModel {
  switch (definition.model) {
    case 'per_unit':
      return {
        kind: 'per_unit',
        unitPrice: reader.unitPrice('unit_price', definition.unit_price),
        roundUpTo: readOptional('round_up_to', definition.round_up_to, reader),
      }
    case 'package':
      return {
        kind: 'package',
        packageSize: reader.positiveQuantity('package_size', definition.package_size),
        packagePrice: reader.unitPrice('package_price', definition.package_price),
      }
    case 'graduated':
    case 'volume':
      return { kind: definition.model, tiers: readTiers(definition.tiers, reader) }
    case 'matrix':
      return readMatrix(definition, reader)
  }
}

function readOptional(path: string, text: string | undefined, reader: Reader): Quantity | null {
  return text === undefined ? null : reader.positiveQuantity(path, text)
}

type TierDefinitions = Extract<PriceDefinition, { model: 'graduated' | 'volume' }>['tiers']

function readTiers(definitions: TierDefinitions, reader: Reader): readonly Tier[] {
  if (definitions.length === 0) reader.refuse('tiers', 'Add at least one tier.')
  if (definitions.length > MOST_TIERS) reader.refuse('tiers', `Use at most ${MOST_TIERS} tiers.`)

  let end: Quantity = ZERO_QUANTITY
  return definitions.map((definition, index) => {
    const isLast = index === definitions.length - 1
    const upTo = readUpTo(`tiers.${index}.up_to`, definition.up_to, { after: end, isLast }, reader)
    end = upTo ?? end
    return {
      upTo,
      unitPrice: reader.unitPrice(`tiers.${index}.unit_price`, definition.unit_price),
      flatPrice: reader.unitPrice(`tiers.${index}.flat_price`, definition.flat_price ?? '0'),
    }
  })
}

/** Tiers follow one another: each ends after the one before, and only the last has no end. */
function readUpTo(
  path: string,
  text: string | null,
  { after, isLast }: { after: Quantity; isLast: boolean },
  reader: Reader,
): Quantity | null {
  if (text === null) {
    if (!isLast) reader.refuse(path, 'Say where this tier ends: only the last one has no end.')
    return null
  }
  if (isLast) reader.refuse(path, 'Use null: the last tier has no end, so that every quantity has a price.')
  const upTo = reader.positiveQuantity(path, text)
  if (upTo > 0n && upTo <= after) {
    reader.refuse(path, `Use more than ${formatQuantity(after)}, where the tier before ends.`)
  }
  return upTo
}

function writeModel(model: PriceModel): PriceDefinition {
  switch (model.kind) {
    case 'per_unit': {
      const rounding = model.roundUpTo === null ? {} : { round_up_to: formatQuantity(model.roundUpTo) }
      return { model: 'per_unit', unit_price: formatUnitPrice(model.unitPrice), ...rounding }
    }
    case 'package':
      return {
        model: 'package',
        package_size: formatQuantity(model.packageSize),
        package_price: formatUnitPrice(model.packagePrice),
      }
    case 'graduated':
    case 'volume':
      return { model: model.kind, tiers: model.tiers.map(writeTier) }
    case 'matrix': {
      const rows = model.rows.map((row) => ({ match: row.match, unit_price: formatUnitPrice(row.unitPrice) }))
      const fallback =
        model.defaultUnitPrice === null ? {} : { default: { unit_price: formatUnitPrice(model.defaultUnitPrice) } }
      return { model: 'matrix', dimensions: model.dimensions, rows, ...fallback }
    }
  }
}

function writeTier({ upTo, unitPrice, flatPrice }: Tier): TierDefinitions[number] {
  const flat = flatPrice === 0n ? {} : { flat_price: formatUnitPrice(flatPrice) }
  return { up_to: upTo === null ? null : formatQuantity(upTo), unit_price: formatUnitPrice(unitPrice), ...flat }
}
