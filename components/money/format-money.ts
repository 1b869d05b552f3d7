import { formatDecimal, parseDecimal } from '@/lib/money/decimal'
import { divideHalfEven, powerOfTen } from '@/lib/money/rounding'
import type { AssetDto, Decimal } from '@/lib/analytics/contract'

/** Prices have up to this many decimals. */
const PRICE_SCALE = 12
/** Below one cent an amount shows up to this many significant decimals (ux.md section 6). */
const SIGNIFICANT_DIGITS = 6
const MINUS = '−'

export type MoneyOptions = {
  /** `short` rounds to cents, or to six significant decimals below one cent; `exact` shows every decimal. */
  readonly precision?: 'short' | 'exact'
  /** `always` writes a plus sign too: for changes of a balance. */
  readonly sign?: 'negative' | 'always'
}

type Scaled = { readonly units: bigint; readonly scale: number }

/** An amount as people read it: in dollars when the asset has a dollar price, otherwise as a count of the asset. */
export function moneyText(amount: Decimal, asset: AssetDto, options: MoneyOptions = {}): string {
  const { precision = 'short', sign = 'negative' } = options
  const inDollars = asset.usdPrice !== null
  const exact = asset.usdPrice === null ? readAmount(amount, asset) : dollars(amount, asset, asset.usdPrice)
  const least = inDollars || asset.scale > 0 ? 2 : 0
  const shown = precision === 'exact' ? trim(exact, least) : round(exact, least)
  const magnitude = group(shown, inDollars)
  const prefix = shown.units < 0n ? MINUS : sign === 'always' && shown.units > 0n ? '+' : ''
  return inDollars ? prefix + magnitude : `${prefix}${magnitude} ${asset.name}`
}

/** The same amount counted in the asset itself, exact: "12,840 credits". */
export function assetText(amount: Decimal, asset: AssetDto): string {
  const exact = trim(readAmount(amount, asset), 0)
  return `${exact.units < 0n ? MINUS : ''}${group(exact, false)} ${asset.name}`
}

/** Compares an amount with zero: −1, 0 or 1. */
export function signOf(amount: Decimal): -1 | 0 | 1 {
  if (/^-?[0.]+$/.test(amount)) return 0
  return amount.startsWith('-') ? -1 : 1
}

/** The amount without its sign. */
export function magnitudeOf(amount: Decimal): Decimal {
  return amount.startsWith('-') ? amount.slice(1) : amount
}

function readAmount(amount: Decimal, asset: AssetDto): Scaled {
  return { units: read(amount, asset.scale), scale: asset.scale }
}

function dollars(amount: Decimal, asset: AssetDto, usdPrice: Decimal): Scaled {
  return { units: read(amount, asset.scale) * read(usdPrice, PRICE_SCALE), scale: asset.scale + PRICE_SCALE }
}

function read(text: Decimal, scale: number): bigint {
  const parsed = parseDecimal(text, scale)
  if (!parsed.ok) throw new RangeError(`not an amount at scale ${scale}: ${text}`)
  return parsed.value
}

function round(value: Scaled, least: number): Scaled {
  const cent = powerOfTen(value.scale) / 100n
  const isSmall = value.units !== 0n && value.units > -cent && value.units < cent
  if (!isSmall || least === 0) return rescale(value, least)
  const digits = (value.units < 0n ? -value.units : value.units).toString().length
  return trim(rescale(value, Math.min(value.scale, value.scale - digits + SIGNIFICANT_DIGITS)), least)
}

function rescale({ units, scale }: Scaled, target: number): Scaled {
  if (target >= scale) return { units: units * powerOfTen(target - scale), scale: target }
  return { units: divideHalfEven(units, powerOfTen(scale - target)), scale: target }
}

/** Drops trailing zeros, but keeps (or adds) the least number of decimals. */
function trim(value: Scaled, least: number): Scaled {
  let { units, scale } = rescale(value, Math.max(value.scale, least))
  while (scale > least && units % 10n === 0n) {
    units /= 10n
    scale -= 1
  }
  return { units, scale }
}

function group({ units, scale }: Scaled, inDollars: boolean): string {
  const text = formatDecimal(units < 0n ? -units : units, scale) as Intl.StringNumericLiteral
  return new Intl.NumberFormat('en-US', {
    ...(inDollars && { style: 'currency', currency: 'USD' }),
    minimumFractionDigits: scale,
    maximumFractionDigits: scale,
  }).format(text)
}
