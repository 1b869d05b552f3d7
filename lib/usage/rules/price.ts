import type { Quantity, UnitPrice } from '@/lib/money/quantity'
import type { CountingPeriod } from './period'

/** One unit price for every unit. Partial units count as whole ones when there is a step to round up to. */
type PerUnitModel = { readonly kind: 'per_unit'; readonly unitPrice: UnitPrice; readonly roundUpTo: Quantity | null }

/** Whole packages, counted per account and period, charged when one is begun. */
type PackageModel = { readonly kind: 'package'; readonly packageSize: Quantity; readonly packagePrice: UnitPrice }

/** The units after the tier before, up to and including `upTo`; the last tier has no end. */
export type Tier = { readonly upTo: Quantity | null; readonly unitPrice: UnitPrice; readonly flatPrice: UnitPrice }

/** Tiers, ascending. Graduated prices each unit in its own tier; volume prices an event in the tier its total reaches. */
type TieredModel = { readonly kind: 'graduated' | 'volume'; readonly tiers: readonly Tier[] }

/** The unit price of usage whose dimensions carry all of these values. */
export type MatrixRow = { readonly match: Readonly<Record<string, string>>; readonly unitPrice: UnitPrice }

/** A unit price by dimensions, the most important dimension first. Without a default, usage that no row matches has no price. */
export type MatrixModel = {
  readonly kind: 'matrix'
  readonly dimensions: readonly string[]
  readonly rows: readonly MatrixRow[]
  readonly defaultUnitPrice: UnitPrice | null
}

/** How a quantity becomes a charge (api.md, Price models). */
export type PriceModel = PerUnitModel | PackageModel | TieredModel | MatrixModel

/** What a price version says, apart from when it begins. */
export type PriceTerms = {
  readonly asset: string
  readonly period: CountingPeriod
  readonly model: PriceModel
  /** Usage of more than nothing is billed as at least this much: the first hour. */
  readonly minimumQuantity: Quantity | null
}

/** A version of what a meter costs, in force from an instant until the next version of the same meter. */
export type Price = PriceTerms & {
  readonly id: string
  readonly meter: string
  /** Decimal places of the asset's smallest unit. */
  readonly scale: number
  readonly effectiveFrom: Date
}

type TierDefinition = {
  readonly up_to: string | null
  readonly unit_price: string
  readonly flat_price?: string | undefined
}

type ModelDefinition =
  | { readonly model: 'per_unit'; readonly unit_price: string; readonly round_up_to?: string | undefined }
  | { readonly model: 'package'; readonly package_size: string; readonly package_price: string }
  | { readonly model: 'graduated' | 'volume'; readonly tiers: readonly TierDefinition[] }
  | {
      readonly model: 'matrix'
      readonly dimensions: readonly string[]
      readonly rows: readonly { readonly match: Readonly<Record<string, string>>; readonly unit_price: string }[]
      readonly default?: { readonly unit_price: string } | undefined
    }

/** The terms of a price as they are stored and sent: snake_case, decimal strings. */
export type PriceDefinition = ModelDefinition & {
  readonly minimum_quantity?: string | undefined
  readonly asset?: string | undefined
  readonly period?: CountingPeriod | undefined
}
