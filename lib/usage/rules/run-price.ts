import { DECIMAL_PLACES, type Quantity } from '@/lib/money/quantity'
import { divideUp, powerOfTen } from '@/lib/money/rounding'

import type { Price } from './price'
import { priceInForce } from './price-in-force'
import type { RunState } from './run'
import { beginOf, type StepTerms } from './run-accrual'

/**
 * What the price versions of a meter say about the steps of a run: where they end, and the minimum and the multiple that the price in
 * force for the next unit bills. They are applied to the run as a whole here: to the events of a minute each they would add up.
 */
export function stepTerms(timeZone: string, versions: readonly Price[] = [], run: RunState): StepTerms {
  const price = run.spanStart === null ? null : priceInForce(versions, beginOf(run, run.billedUnits))
  const multiple = price?.model.kind === 'per_unit' ? price.model.roundUpTo : null
  return {
    timeZone,
    priceChanges: versions.map(({ effectiveFrom }) => effectiveFrom),
    minimumUnits: unitsUp(price?.minimumQuantity ?? null) ?? 0,
    multipleUnits: unitsUp(multiple) ?? 1,
  }
}

/** A quantity in whole units. Nobody bills more of them at least than a number can count. */
function unitsUp(quantity: Quantity | null): number | null {
  return quantity === null ? null : parseInt(divideUp(quantity, powerOfTen(DECIMAL_PLACES)).toString(), 10)
}
