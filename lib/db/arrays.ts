import 'server-only'

/** An array as PostgreSQL reads it, for one parameter of a set-based statement. */
export type ArrayText = string & { readonly arrayText?: never }

const NULL = 'NULL'
const QUOTED = /["\\]/g

/**
 * An array of ids, numbers, hashes or words of our own: nothing that needs quotes. Written here and not by `pg`, which quotes and escapes
 * every element: that alone was a tenth of what a batch cost.
 */
export function plainArray(values: readonly (string | bigint | number | boolean | null)[]): ArrayText {
  let text = '{'
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ','
    const value = values[index]
    text += value === null || value === undefined ? NULL : String(value)
  }
  return `${text}}`
}

/** An array of any text, such as what a caller named. */
export function textArray(values: readonly (string | null)[]): ArrayText {
  let text = '{'
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ','
    const value = values[index]
    text += value === null || value === undefined ? NULL : `"${value.replace(QUOTED, '\\$&')}"`
  }
  return `${text}}`
}

/** An array of instants. */
export function instantArray(values: readonly Date[]): ArrayText {
  return plainArray(values.map((value) => value.toISOString()))
}
