/** What the processes of the benchmark ask each other. Each command is answered once, one at a time. */

/** How fast something went. */
export type Pace = {
  /** Events, decisions or calls that succeeded. One that does not ends the benchmark. */
  readonly count: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** What the verbs' process made to be measured on. */
export type World = {
  /** The secret of an API key in test mode. */
  readonly key: string
  /** The organization whose wallet everybody spends from. */
  readonly hot: string
  /** Organizations with a wallet each. */
  readonly many: readonly string[]
}

/** Which wallets are spent from: one, or a thousand in turn. */
export type Wallets = 'hot' | 'many'

/** Medians of some calls, in milliseconds, made in turn on an old and a young account. */
export type Comparison = { readonly oldMs: number; readonly youngMs: number }

/** Asked of the process that calls the verbs. */
export type SubjectCommand =
  | { readonly kind: 'prepare' }
  | { readonly kind: 'debit'; readonly wallets: Wallets; readonly callers: number; readonly ms: number }
  | { readonly kind: 'prove'; readonly acknowledged: Readonly<Record<Wallets, number>> }
  | { readonly kind: 'grow-old' }
  | { readonly kind: 'compare'; readonly what: 'balance' | 'debit' | 'costs'; readonly calls: number }

/** Asked of the process that calls the API: usage, again and again. */
export type UsageLoad = {
  readonly kind: 'usage'
  readonly port: number
  readonly key: string
  readonly organizations: readonly string[]
  /** Events in a request; null: single events. */
  readonly batch: number | null
  readonly connections: number
  readonly ms: number
}

/** Asked of it as well: authorizations of one organization. */
export type AuthorizeLoad = {
  readonly kind: 'authorize'
  readonly port: number
  readonly key: string
  readonly organization: string
  readonly connections: number
  readonly ms: number
  /** How many a second; null: as many as are answered. */
  readonly perSecond: number | null
}

/** Asked of the process that calls the API. */
export type LoadCommand = UsageLoad | AuthorizeLoad
