import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Refusal } from './refusal'

const LARGEST_BODY_BYTES = 256 * 1024

/** A request, read to its end. */
export type Request = {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An answer. `isDropped` closes the connection instead of sending it. */
export type Response = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly isDropped?: boolean
}

/** Reads a request. Throws a Refusal when its body is larger than any that Purser sends. */
export async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const target = incoming.url ?? '/'
  const cut = target.indexOf('?')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY_BYTES) {
      throw new Refusal(413, { type: 'invalid_request_error', message: 'The request body is too large.' })
    }
    chunks.push(chunk)
  }
  return {
    method: incoming.method ?? 'GET',
    path: cut < 0 ? target : target.slice(0, cut),
    query: cut < 0 ? '' : target.slice(cut + 1),
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  }
}
