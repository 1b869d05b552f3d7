import type { FieldError } from '@/lib/errors'
import { formatAmount, parseAmount, type Amount } from '@/lib/money/amount'
import { parseQuantity, type Quantity } from '@/lib/money/quantity'
import { err, ok, type Result } from '@/lib/result'

/** What a plan is asked to cover and to give. */
export type AskedPlan = {
  readonly allowances: readonly { readonly meter: string; readonly quantity: string }[]
  readonly entitlements: readonly { readonly asset: string; readonly amount: string }[]
}

/** What there is to cover and to give. */
export type KnownCatalogue = {
  readonly meters: { readonly has: (key: string) => boolean }
  readonly assets: { readonly get: (code: string) => { readonly scale: number } | undefined }
}

/** What a plan covers and gives, read: amounts as decimal strings without trailing zeros. */
export type PlanContents = {
  readonly allowances: readonly { readonly meter: string; readonly quantity: Quantity }[]
  readonly entitlements: readonly { readonly asset: string; readonly amount: string }[]
}

/** Reads what a plan covers and gives against the catalogue. Errors: one per field that is wrong, by its path. */
export function readPlanContents(
  { allowances, entitlements }: AskedPlan,
  catalogue: KnownCatalogue,
): Result<PlanContents, readonly FieldError[]> {
  const errors: FieldError[] = [
    ...repeated(
      allowances.map(({ meter }) => meter),
      (index) => `allowances.${index}.meter`,
      'Name each meter once.',
    ),
    ...repeated(
      entitlements.map(({ asset }) => asset),
      (index) => `entitlements.${index}.asset`,
      'Name each asset once.',
    ),
  ]
  const contents = {
    allowances: allowances.flatMap((allowance, index) => {
      const read = readAllowance(allowance, catalogue)
      if (read.ok) return [read.value]
      errors.push({ ...read.error, path: `allowances.${index}.${read.error.path}` })
      return []
    }),
    entitlements: entitlements.flatMap((entitlement, index) => {
      const read = readEntitlement(entitlement, catalogue)
      if (read.ok) return [{ asset: entitlement.asset, amount: formatAmount(read.value.amount, read.value.scale) }]
      errors.push({ ...read.error, path: `entitlements.${index}.${read.error.path}` })
      return []
    }),
  }
  return errors.length === 0 ? ok(contents) : err(errors)
}

/** Reads an amount of an asset that is to be granted, in its smallest unit. Errors: the field that is wrong, `asset` or `amount`. */
export function readEntitlement(
  { asset, amount }: { readonly asset: string; readonly amount: string },
  { assets }: Pick<KnownCatalogue, 'assets'>,
): Result<{ readonly amount: Amount; readonly scale: number }, FieldError> {
  const scale = assets.get(asset)?.scale
  if (scale === undefined) return err({ path: 'asset', message: `There is no asset "${asset}". Add it first.` })
  const parsed = parseAmount(amount, scale)
  if (!parsed.ok) {
    const message = parsed.error === 'too_many_decimals' ? `Use at most ${scale} decimals.` : 'Use a smaller amount.'
    return err({ path: 'amount', message })
  }
  return parsed.value === 0n
    ? err({ path: 'amount', message: 'Use more than zero.' })
    : ok({ amount: parsed.value, scale })
}

function readAllowance(
  { meter, quantity }: AskedPlan['allowances'][number],
  { meters }: KnownCatalogue,
): Result<PlanContents['allowances'][number], FieldError> {
  if (!meters.has(meter)) return err({ path: 'meter', message: `There is no meter "${meter}". Add it first.` })
  const parsed = parseQuantity(quantity)
  if (!parsed.ok) return err({ path: 'quantity', message: 'Use a plain decimal of more than zero.' })
  if (parsed.value === 0n) return err({ path: 'quantity', message: 'Use more than zero.' })
  return ok({ meter, quantity: parsed.value })
}

function repeated(keys: readonly string[], pathOf: (index: number) => string, message: string): readonly FieldError[] {
  return keys.flatMap((key, index) => (keys.indexOf(key) < index ? [{ path: pathOf(index), message }] : []))
}
