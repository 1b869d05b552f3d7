/** What a first usage event is sent with. */
type FirstRequest = {
  /** Where the API is, without a path: `https://billing.example.com`. */
  readonly origin: string
  readonly mode: 'live' | 'test'
  readonly externalId: string
  /** Null while nothing is metered yet. */
  readonly meter: string | null
}

/** A complete request that sends a first usage event, for a POSIX shell. The key is the reader's to fill in: nobody has it any more. */
export function firstRequest({ origin, mode, externalId, meter }: FirstRequest): string {
  const body = JSON.stringify({
    id: 'first-event',
    organization: externalId,
    meter: meter ?? 'YOUR_METER',
    quantity: '1',
  })
  return [
    `curl ${quote(`${origin}/api/v1/usage`)} \\`,
    `  -H ${quote(`Authorization: Bearer sk_${mode}_YOUR_KEY`)} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quote(body)}`,
  ].join('\n')
}

/** Between single quotes a shell takes everything as it stands, but for the single quote itself. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
