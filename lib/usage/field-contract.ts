import { z } from 'zod'
import { parseAmount, LARGEST_SCALE } from '@/lib/money/amount'
import type { DecimalRefusal, ParsedDecimal } from '@/lib/money/decimal'
import { DECIMAL_PLACES, parseQuantity, parseUnitPrice } from '@/lib/money/quantity'
import { isRunEventId } from './rules/run-event'

/** An offset can carry the last evening of 9999 into a year that no answer could be written in. */
const LATEST_YEAR = 9999
const MISSING = 'Send this field.'
const NOT_A_DECIMAL = 'Send a plain decimal of zero or more as a string, such as "12.5".'

/** An object of exactly these fields; any other is refused by its name. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, { error: refuseUnknown })
}

/** A text of these printable characters, 1 to 128. */
export const idField = printable(128, 'Send 1 to 128 printable characters.')

/** The caller's own id of usage. A run names its usage itself. */
export const eventIdField = idField.refine((id) => !isRunEventId(id), 'Choose an id that is not shaped like ours.')

/** A name that people read. */
export const nameField = printable(200, 'Send 1 to 200 printable characters.')

/** The key of a meter, an asset or a plan, as it is chosen by the operator. */
export const keyField = z
  .string({ error: sentence('Send 1 to 64 of a–z, 0–9, "_", "." and "-", beginning with a letter.') })
  .regex(/^[a-z][a-z0-9_.-]{0,63}$/, 'Send 1 to 64 of a–z, 0–9, "_", "." and "-", beginning with a letter.')
  .meta({ description: 'A key of lower-case letters, digits, "_", "." and "-".', example: 'rule_run' })

/** An instant in RFC 3339 with its offset. */
export const instantField = z.iso
  .datetime({
    offset: true,
    error: sentence('Send an RFC 3339 instant with its offset, such as 2026-03-01T12:00:00Z.'),
  })
  .refine((text) => !(new Date(text).getUTCFullYear() > LATEST_YEAR), 'Use an instant before the year 10000.')
  .meta({ description: 'RFC 3339 with offset; answered in UTC.', example: '2026-03-01T12:00:00Z' })

/** A quantity: zero or more, at most 12 decimals, at most 10^15. */
export const quantityField = decimal(parseQuantity, DECIMAL_PLACES).meta({
  description: 'A quantity of zero or more as a decimal string, at most 12 decimals, at most 10^15.',
  example: '25.4',
})

/** A unit price, or a cost in USD: zero or more, at most 12 decimals. */
export const unitPriceField = decimal(parseUnitPrice, DECIMAL_PLACES).meta({
  description: 'A price of zero or more as a decimal string, at most 12 decimals.',
  example: '0.004',
})

/** An amount: zero or more, at most 9 decimals. The asset's own scale is checked where the asset is known. */
export const amountField = decimal((text) => parseAmount(text, LARGEST_SCALE), LARGEST_SCALE).meta({
  description: "An amount of zero or more as a decimal string, with at most the asset's decimals.",
  example: '12.5',
})

/** A number in an answer: exact, without trailing zeros. */
export const decimalAnswer = z.string().meta({ description: 'An exact decimal string.', example: '12.5' })

/** Names of dimensions and their values: flat, at most 20. */
export const dimensionsField = z
  .preprocess(
    refusePrototype,
    z
      .record(
        printable(64, 'Name a dimension with 1 to 64 printable characters.'),
        printable(256, 'Send 1 to 256 printable characters.'),
        { error: 'Send a flat object of strings.' },
      )
      .refine((dimensions) => Object.keys(dimensions).length <= 20, 'Send at most 20 dimensions.'),
  )
  .meta({ description: 'A flat map of strings, at most 20.', example: { output_format: 'png' } })

function sentence(text: string) {
  return ({ input }: { readonly input?: unknown }): string => (input === undefined ? MISSING : text)
}

/**
 * No control, format or line-breaking characters, no half of a surrogate pair. The length counts characters, as JSON Schema
 * does. The pattern stays out of the schema: its flag would not survive in the published interface.
 */
function printable(longest: number, text: string): z.ZodString {
  const pattern = new RegExp(`^[^\\p{C}\\p{Zl}\\p{Zp}]{1,${longest}}$`, 'u')
  return z
    .string({ error: sentence(text) })
    .refine((value) => pattern.test(value), text)
    .meta({ minLength: 1, maxLength: longest })
}

/** A decimal string, or a safe integer that is taken as one. The output is the string as it was sent. */
function decimal(parse: (text: string) => ParsedDecimal<bigint>, places: number) {
  const refusals: Readonly<Record<DecimalRefusal, string>> = {
    not_a_decimal: NOT_A_DECIMAL,
    too_many_decimals: `Use at most ${places} decimals.`,
    out_of_range: 'Use a smaller number.',
  }
  return z
    .union([z.string(), z.int({ error: NOT_A_DECIMAL })], { error: sentence(NOT_A_DECIMAL) })
    .transform((value, context) => {
      const text = value.toString()
      const parsed = parse(text)
      if (parsed.ok) return text
      context.addIssue({ code: 'custom', message: refusals[parsed.error] })
      return z.NEVER
    })
}

/** A record leaves this key out without a word, so that two different bodies would read the same. */
function refusePrototype(raw: unknown, context: z.RefinementCtx): unknown {
  if (typeof raw === 'object' && raw !== null && Object.hasOwn(raw, '__proto__')) {
    context.addIssue({ code: 'custom', path: ['__proto__'], message: 'Choose another name for this dimension.' })
  }
  return raw
}

function refuseUnknown({ code, keys }: { readonly code?: string; readonly keys?: unknown }): string | undefined {
  if (code !== 'unrecognized_keys' || !Array.isArray(keys)) return undefined
  return `Remove ${keys.map((key) => `"${key}"`).join(', ')}: there is no such field.`
}
