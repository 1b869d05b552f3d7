/**
 * The network address that a request came from, for counting attempts. The last entry of `x-forwarded-for` is the one that the
 * nearest proxy wrote; those before it can be made up by the sender.
 */
export function networkAddress(headers: Readonly<Record<string, unknown>>): string {
  const forwarded = headers['x-forwarded-for']
  const last = typeof forwarded === 'string' ? forwarded.split(',').at(-1)?.trim() : undefined
  return last === undefined || last === '' ? 'unknown' : last.slice(0, 64)
}
