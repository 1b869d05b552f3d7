import 'server-only'

import { err, ok, type Result } from '@/lib/result'

const DEEPEST = 32
const QUOTE = 34
const BACKSLASH = 92

/**
 * Reads one JSON value from UTF-8. Stricter than `JSON.parse`: bytes that are not UTF-8, nesting deeper than 32 levels and an object
 * that names a field twice are refused, because two readers would understand them differently. Errors: malformed_json.
 */
export function readJson(bytes: Uint8Array): Result<unknown, { readonly code: 'malformed_json' }> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const value: unknown = JSON.parse(text)
    return isPlain(text) ? ok(value) : err({ code: 'malformed_json' })
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return err({ code: 'malformed_json' })
    throw error
  }
}

/** Whether a text that is known to be JSON is nested within bounds and names no field twice in one object. One pass, no recursion. */
function isPlain(text: string): boolean {
  /** The names of each object that is open; null for a list. */
  const open: (Set<string> | null)[] = []
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case 123: // {
        open.push(new Set())
        break
      case 91: // [
        open.push(null)
        break
      case 125: // }
      case 93: // ]
        open.pop()
        break
      case QUOTE: {
        const end = endOfString(text, index)
        const names = open.at(-1)
        if (names instanceof Set && isName(text, end)) {
          const name = JSON.parse(text.slice(index, end + 1)) as string
          if (names.has(name)) return false
          names.add(name)
        }
        index = end
      }
    }
    if (open.length > DEEPEST) return false
  }
  return true
}

/** Where the string that begins at this quote ends. */
function endOfString(text: string, start: number): number {
  let index = start + 1
  while (index < text.length && text.charCodeAt(index) !== QUOTE) {
    index += text.charCodeAt(index) === BACKSLASH ? 2 : 1
  }
  return index
}

/** Whether the string that ends here is the name of a field: a colon follows. */
function isName(text: string, end: number): boolean {
  let index = end + 1
  while (index < text.length && text.charCodeAt(index) <= 32) index += 1
  return text[index] === ':'
}
