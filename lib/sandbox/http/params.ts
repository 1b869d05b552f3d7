import { z } from 'zod'
import { listOf, type FormTree } from './form'
import { invalidRequest, type Refusal } from './refusal'

/** A string parameter. An empty string means "not set", as it does for Stripe. */
export const text = z.string().max(5000)

/** An integer parameter, within bounds. */
export function integer(least: number, most: number) {
  return z
    .string()
    .regex(/^-?\d{1,15}$/, 'integer')
    .transform(Number)
    .pipe(z.number().min(least).max(most))
}

/** A boolean parameter. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true')

/** A list parameter of at most `most` entries. */
export function list<Entry extends z.ZodType>(entry: Entry, most: number) {
  return z.preprocess(
    (value) => (value === undefined ? undefined : listOf(value as FormTree)),
    z.array(entry).max(most),
  )
}

/** Up to 50 string pairs; Stripe's own bounds on key and value. */
export const metadata = z
  .union([z.literal('').transform(() => ({})), z.record(z.string().max(40), z.string().max(500))])
  .refine((pairs) => Object.keys(pairs).length <= 50, 'at most 50 keys')
  .transform((pairs): Record<string, string> => ({ ...pairs }))

/** The currencies that the sandbox deals in. */
export const currency = z.string().toLowerCase().pipe(z.literal('usd'))

/** Bounds of a list request: `limit`, the cursors and `created`. */
export const page = {
  limit: integer(1, 100).default(10),
  starting_after: text.optional(),
  ending_before: text.optional(),
  created: z
    .strictObject({
      gte: integer(0, 1e12).optional(),
      gt: integer(0, 1e12).optional(),
      lte: integer(0, 1e12).optional(),
      lt: integer(0, 1e12).optional(),
    })
    .optional(),
}

/** Checks the parameters of a request. Throws Stripe's own refusals: unknown, missing or invalid parameter. */
export function parseParams<Schema extends z.ZodType>(schema: Schema, tree: FormTree): z.output<Schema> {
  const parsed = schema.safeParse(tree)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys')
  const issue = unknown ?? issues[0]
  if (issue === undefined) throw invalidRequest('Invalid request.')
  throw unknown === undefined ? refuseValue(issue, tree) : refuseUnknown(unknown)
}

function refuseUnknown(issue: { path: PropertyKey[]; keys: string[] }): Refusal {
  const name = bracketed([...issue.path, issue.keys[0] ?? ''])
  return invalidRequest(`Received unknown parameter: ${name}`, 'parameter_unknown', name)
}

function refuseValue(issue: z.core.$ZodIssue, tree: FormTree): Refusal {
  const name = bracketed(issue.path)
  const given = valueAt(tree, issue.path)
  if (given === undefined) return invalidRequest(`Missing required param: ${name}.`, 'parameter_missing', name)
  const shown = typeof given === 'string' ? given.slice(0, 60) : 'object'
  if (issue.message === 'integer') {
    return invalidRequest(`Invalid integer: ${shown}`, 'parameter_invalid_integer', name)
  }
  return invalidRequest(`Invalid ${name}: ${shown}`, undefined, name)
}

function bracketed(path: readonly PropertyKey[]): string {
  return path.map((key, depth) => (depth === 0 ? String(key) : `[${String(key)}]`)).join('')
}

function valueAt(tree: FormTree, path: readonly PropertyKey[]): string | FormTree | undefined {
  let here: string | FormTree | undefined = tree
  for (const key of path) {
    if (here === undefined || typeof here === 'string') return undefined
    here = here[String(key)]
  }
  return here
}
