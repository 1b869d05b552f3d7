import type { Amount } from '@/lib/money/amount'
import { flatCharge, multiply, quantity, roundCharge, roundUpTo, ZERO_QUANTITY } from '@/lib/money/quantity'
import type { ExactCharge, Quantity, UnitPrice } from '@/lib/money/quantity'
import { divideUp } from '@/lib/money/rounding'
import { err, ok, type Result } from '@/lib/result'
import type { PricedStep, RatingStep, TierSpan } from './arithmetic'
import { findMatrixPrice } from './matrix'
import type { Price, PriceModel, Tier } from './price'

/** What was used, as far as a price can see it. */
export type RatedUsage = {
  readonly quantity: Quantity
  readonly dimensions: Readonly<Record<string, string>>
  readonly model: string | null
  /** The billable quantity that this account was already charged for by this meter in the price's period. */
  readonly usedInPeriod: Quantity
}

/** What a quantity costs, and every step that led there. */
export type Rating = {
  readonly amount: Amount
  /** The quantity after the minimum and rounding up: what the period's counter grows by. */
  readonly billableQuantity: Quantity
  /** Every price that applied is zero. A charge of zero at a price above zero is not free: runs 2 to 100 of a package. */
  readonly isFree: boolean
  /** Packages that this usage began; zero for every other model. */
  readonly packagesBegun: bigint
  readonly steps: readonly RatingStep[]
}

/** Why a quantity could not be rated: no row of the matrix matches, or the charge is larger than any amount. */
export type RatingRefusal = { readonly code: 'unpriced' | 'out_of_range' }

/**
 * Rates a quantity at a price: the minimum, then rounding up, then the exact charge, then one rounding, half-even, to the
 * asset's scale (ledger.md, Amounts). Graduated, volume and package count on from `usedInPeriod`. Using nothing costs nothing.
 */
export function rate(price: Price, usage: RatedUsage): Result<Rating, RatingRefusal> {
  const measured = billableSteps(price, usage.quantity)
  const billableQuantity = measured.at(-1)?.billed ?? usage.quantity

  const priced = pricedSteps(price.model, { ...usage, quantity: billableQuantity })
  if (priced === null) return err({ code: 'unpriced' })

  const exact = priced.steps.reduce((sum, step) => sum + step.charge, 0n)
  const rounded = roundCharge(exact, price.scale)
  if (rounded === null) return err({ code: 'out_of_range' })
  return ok({
    amount: rounded,
    billableQuantity,
    isFree: priced.isFree,
    packagesBegun: priced.steps.reduce((sum, step) => sum + (step.step === 'package' ? step.begun : 0n), 0n),
    steps: [...measured, ...priced.steps, { step: 'rounding', exact, rounded, scale: price.scale }],
  })
}

type BillableStep = Extract<RatingStep, { step: 'minimum' | 'round_up' }>
type Priced = { readonly isFree: boolean; readonly steps: readonly PricedStep[] }

function billableSteps({ model, minimumQuantity }: Price, used: Quantity): BillableStep[] {
  const steps: BillableStep[] = []
  let billed = used
  if (minimumQuantity !== null && used > 0n && used < minimumQuantity) {
    steps.push({ step: 'minimum', quantity: billed, billed: minimumQuantity })
    billed = minimumQuantity
  }
  if (model.kind === 'per_unit' && model.roundUpTo !== null) {
    const rounded = roundUpTo(billed, model.roundUpTo)
    if (rounded !== billed)
      steps.push({ step: 'round_up', quantity: billed, multiple: model.roundUpTo, billed: rounded })
  }
  return steps
}

function pricedSteps(model: PriceModel, usage: RatedUsage): Priced | null {
  switch (model.kind) {
    case 'per_unit':
      return { isFree: model.unitPrice === 0n, steps: [unitsStep(usage.quantity, model.unitPrice)] }
    case 'package':
      return { isFree: model.packagePrice === 0n, steps: [packageStep(model, usage)] }
    case 'graduated':
      return graduatedSteps(model.tiers, usage)
    case 'volume':
      return volumeSteps(model.tiers, usage)
    case 'matrix': {
      const row = findMatrixPrice(model, usage)
      if (row === null) return null
      return { isFree: row.unitPrice === 0n, steps: [unitsStep(usage.quantity, row.unitPrice, null, row.match)] }
    }
  }
}

/** The packages begun by the running total with this usage, less those that were begun before it. */
function packageStep(model: Extract<PriceModel, { kind: 'package' }>, usage: RatedUsage): PricedStep {
  const { packageSize: size, packagePrice: price } = model
  const { usedInPeriod: counted, quantity: used } = usage
  const begun = divideUp(counted + used, size) - divideUp(counted, size)
  return { step: 'package', counted, quantity: used, size, begun, price, charge: begun * flatCharge(price) }
}

/** Each unit in its own tier. A tier's flat price falls due with the first unit of the period that enters the tier. */
function graduatedSteps(tiers: readonly Tier[], { usedInPeriod, quantity: used }: RatedUsage): Priced {
  const end = quantity(usedInPeriod + used)
  const touched = spans(tiers).filter(({ span }) => {
    const isEntered = used === 0n ? span.from <= usedInPeriod : span.from < end
    return isEntered && (span.to === null || usedInPeriod < span.to)
  })
  const steps = touched.flatMap(({ tier, span }) => {
    const from = span.from > usedInPeriod ? span.from : usedInPeriod
    const to = span.to === null || end < span.to ? end : span.to
    const units = unitsStep(quantity(to - from), tier.unitPrice, span)
    return span.from >= usedInPeriod && used > 0n ? [...flatSteps(tier, span), units] : [units]
  })
  return { isFree: touched.every(({ tier }) => isFreeTier(tier)), steps }
}

/**
 * All units of this usage in the tier that the running total reaches with it; earlier usage is not re-priced. The flat price
 * of that tier falls due once, with the usage that reaches it.
 */
function volumeSteps(tiers: readonly Tier[], { usedInPeriod, quantity: used }: RatedUsage): Priced {
  const reached = tierOf(tiers, quantity(usedInPeriod + used))
  const isFirstInTier = used > 0n && usedInPeriod <= reached.span.from
  const units = unitsStep(used, reached.tier.unitPrice, reached.span)
  return {
    isFree: isFreeTier(reached.tier),
    steps: isFirstInTier ? [...flatSteps(reached.tier, reached.span), units] : [units],
  }
}

type SpannedTier = { readonly tier: Tier; readonly span: TierSpan<Quantity> }

function spans(tiers: readonly Tier[]): readonly SpannedTier[] {
  return tiers.map((tier, index) => ({
    tier,
    span: { number: index + 1, from: tiers[index - 1]?.upTo ?? ZERO_QUANTITY, to: tier.upTo },
  }))
}

function tierOf(tiers: readonly Tier[], total: Quantity): SpannedTier {
  const found = spans(tiers).find(({ span }) => span.to === null || total <= span.to)
  if (found === undefined) throw new Error('the last tier of a price must have no end')
  return found
}

function isFreeTier(tier: Tier): boolean {
  return tier.unitPrice === 0n && tier.flatPrice === 0n
}

function flatSteps({ flatPrice }: Tier, tier: TierSpan<Quantity>): readonly PricedStep[] {
  return flatPrice === 0n ? [] : [{ step: 'flat', price: flatPrice, tier, charge: flatCharge(flatPrice) }]
}

function unitsStep(
  used: Quantity,
  price: UnitPrice,
  tier: TierSpan<Quantity> | null = null,
  match: Readonly<Record<string, string>> | null = null,
): PricedStep {
  const charge: ExactCharge = multiply(used, price)
  return { step: 'units', quantity: used, price, tier, match, charge }
}
