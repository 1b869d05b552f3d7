import 'server-only'

import type { IncomingMessage, ServerResponse } from 'node:http'

import { answerApi } from './answer-api'
import type { ApiRequest } from './message'

/** Only used to make a path into an address; never shown or asked. */
const NOWHERE = 'http://purser.invalid'

/** Whether a request is for the machine API, so that Next need not see it (performance.md, 3). */
export function isApiRequest({ url = '' }: IncomingMessage): boolean {
  return url.startsWith('/api/v1/') || url.startsWith('/api/v1?') || url === '/api/v1'
}

/** Answers a request of `node:http` by the machine API, without Next. Never throws. */
export async function serveApi(message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, body } = await answerApi(asApiRequest(message))
  if (response.destroyed) return
  const length = body === null ? {} : { 'content-length': Buffer.byteLength(body).toString() }
  response.writeHead(status, { ...headers, ...length }).end(body ?? undefined)
  // What is left of a body that was refused is thrown away as it comes, or the connection could not be used again.
  if (!message.readableEnded) message.resume()
}

/** The body is read as it arrives, and left where it is when nobody wants more of it: the answer still has to go out. */
function asApiRequest(message: IncomingMessage): ApiRequest {
  return {
    method: message.method ?? 'GET',
    url: NOWHERE + (message.url ?? '/'),
    headers: {
      get: (name) => {
        const value = message.headers[name]
        return Array.isArray(value) ? value.join(', ') : (value ?? null)
      },
    },
    body: message.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>,
  }
}
