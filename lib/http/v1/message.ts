import 'server-only'

/**
 * What the machine API needs of a request. A web-standard `Request` is one; the slim front hands over node's own message in this
 * shape, because building a `Request` costs more than most answers.
 */
export type ApiRequest = {
  readonly method: string
  readonly url: string
  readonly headers: { readonly get: (name: string) => string | null }
  readonly body: AsyncIterable<Uint8Array> | null
}

/** A whole answer. `body` is null for an answer without one. Header names are in lower case. */
export type ApiAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}
