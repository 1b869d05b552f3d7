import { formatAmount, type Amount } from '@/lib/money/amount'
import { formatDecimal } from '@/lib/money/decimal'
import {
  DECIMAL_PLACES,
  formatQuantity,
  formatUnitPrice,
  type ExactCharge,
  type Quantity,
  type UnitPrice,
} from '@/lib/money/quantity'

/** Where a tier lies: its number from 1, after how much it begins, and where it ends (null: never). */
export type TierSpan<Size> = { readonly number: number; readonly from: Size; readonly to: Size | null }

/** One step from a quantity to a charge, in exact numbers. Written out by `arithmeticLines` when someone asks why. */
export type RatingStep =
  | { readonly step: 'minimum'; readonly quantity: Quantity; readonly billed: Quantity }
  | { readonly step: 'round_up'; readonly quantity: Quantity; readonly multiple: Quantity; readonly billed: Quantity }
  | PricedStep
  | { readonly step: 'rounding'; readonly exact: ExactCharge; readonly rounded: Amount; readonly scale: number }

/** A step that costs something: its charge is exact and not yet rounded. */
export type PricedStep =
  | {
      readonly step: 'units'
      readonly quantity: Quantity
      readonly price: UnitPrice
      readonly tier: TierSpan<Quantity> | null
      readonly match: Readonly<Record<string, string>> | null
      readonly charge: ExactCharge
    }
  | {
      readonly step: 'flat'
      readonly price: UnitPrice
      readonly tier: TierSpan<Quantity>
      readonly charge: ExactCharge
    }
  | {
      readonly step: 'package'
      readonly counted: Quantity
      readonly quantity: Quantity
      readonly size: Quantity
      readonly begun: bigint
      readonly price: UnitPrice
      readonly charge: ExactCharge
    }

/** One line of "why this number": every figure a decimal string, ready to be shown or sent. */
export type ArithmeticLine =
  | { readonly step: 'minimum'; readonly quantity: string; readonly billed: string }
  | { readonly step: 'round_up'; readonly quantity: string; readonly multiple: string; readonly billed: string }
  | {
      readonly step: 'units'
      readonly quantity: string
      readonly price: string
      readonly tier: TierSpan<string> | null
      readonly match: Readonly<Record<string, string>> | null
      readonly subtotal: string
    }
  | { readonly step: 'flat'; readonly price: string; readonly tier: TierSpan<string>; readonly subtotal: string }
  | {
      readonly step: 'package'
      readonly counted: string
      readonly quantity: string
      readonly size: string
      readonly begun: string
      readonly price: string
      readonly subtotal: string
    }
  | { readonly step: 'rounding'; readonly exact: string; readonly rounded: string }

/** Writes the steps of a rating as lines that add up to the amount, in the order they were taken (product.md, "why this number"). */
export function arithmeticLines(steps: readonly RatingStep[]): readonly ArithmeticLine[] {
  return steps.map(writeStep)
}

function writeStep(line: RatingStep): ArithmeticLine {
  switch (line.step) {
    case 'minimum':
      return { step: 'minimum', quantity: formatQuantity(line.quantity), billed: formatQuantity(line.billed) }
    case 'round_up':
      return {
        step: 'round_up',
        quantity: formatQuantity(line.quantity),
        multiple: formatQuantity(line.multiple),
        billed: formatQuantity(line.billed),
      }
    case 'rounding':
      return { step: 'rounding', exact: formatCharge(line.exact), rounded: formatAmount(line.rounded, line.scale) }
    default:
      return writePricedStep(line)
  }
}

function writePricedStep(line: PricedStep): ArithmeticLine {
  const price = formatUnitPrice(line.price)
  const subtotal = formatCharge(line.charge)
  switch (line.step) {
    case 'units':
      return {
        step: 'units',
        quantity: formatQuantity(line.quantity),
        price,
        tier: line.tier === null ? null : writeTier(line.tier),
        match: line.match,
        subtotal,
      }
    case 'flat':
      return { step: 'flat', price, tier: writeTier(line.tier), subtotal }
    case 'package':
      return {
        step: 'package',
        counted: formatQuantity(line.counted),
        quantity: formatQuantity(line.quantity),
        size: formatQuantity(line.size),
        begun: line.begun.toString(),
        price,
        subtotal,
      }
  }
}

function writeTier({ number, from, to }: TierSpan<Quantity>): TierSpan<string> {
  return { number, from: formatQuantity(from), to: to === null ? null : formatQuantity(to) }
}

function formatCharge(charge: ExactCharge): string {
  return formatDecimal(charge, 2 * DECIMAL_PLACES)
}
