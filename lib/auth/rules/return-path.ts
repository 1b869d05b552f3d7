const LONGEST_PATH = 2_000
/** Only used to read a path as a browser would; never shown or visited. */
const NOWHERE = 'http://purser.invalid'

/**
 * Where to go after signing in, from text that anybody may have put into an address: a path of this site, or null.
 * Everything that a browser could read as another site (`//host`, `/\host`, a scheme, control characters) is null.
 */
export function safeReturnPath(text: unknown): string | null {
  if (typeof text !== 'string' || text.length > LONGEST_PATH) return null
  if (!/^\/(?![/\\])/.test(text) || hasControlCharacter(text)) return null
  if (!URL.canParse(text, NOWHERE)) return null
  const url = new URL(text, NOWHERE)
  if (url.origin !== NOWHERE || url.pathname.startsWith('//')) return null
  return url.pathname + url.search
}

function hasControlCharacter(text: string): boolean {
  return /[\u0000-\u001f\u007f\\]/.test(text)
}
