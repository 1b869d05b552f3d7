import 'server-only'

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { log } from '@/lib/log'
import { closeConnections } from '@/lib/organizations/close-connections'

import { isApiRequest, serveApi } from './node-mount'

/** Who answers what the machine API does not. */
export type Otherwise = (message: IncomingMessage, response: ServerResponse) => Promise<void>

/** A front that is open. `stop` takes no new requests, lets the running ones finish, and closes what is held open. */
export type Front = { readonly port: number; readonly stop: () => Promise<void> }

const HEADERS_TIMEOUT_MS = 15_000
const REQUEST_TIMEOUT_MS = 60_000
const KEEP_ALIVE_MS = 65_000
/** Streams such as the live balance never end by themselves. */
const DRAIN_MS = 5_000
const LOOK_AGAIN_MS = 50

/** One process, one port: requests to the machine API are answered here at once, all others elsewhere (performance.md, 3). */
export function createFront(otherwise: Otherwise): Server {
  const server = createServer((message, response) => {
    answer(message, response, otherwise).catch((thrown: unknown) => {
      log().error({ error: thrown }, 'a request was not answered')
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  server.headersTimeout = HEADERS_TIMEOUT_MS
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.keepAliveTimeout = KEEP_ALIVE_MS
  return server
}

async function answer(message: IncomingMessage, response: ServerResponse, otherwise: Otherwise): Promise<void> {
  if (isApiRequest(message)) return serveApi(message, response)
  // Next answers 500 to a path with broken percent-encoding.
  if (!isDecodable(message.url ?? '')) return void response.writeHead(400).end()
  return otherwise(message, response)
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '')
    return true
  } catch {
    return false
  }
}

/** Opens a front on a port (0: any free one), on every address unless a host is given. Throws when the port is taken. */
export async function openFront(server: Server, port: number, host: string | undefined): Promise<Front> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
  let stopping: Promise<void> | undefined
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      stopping ??= drain(server).then(closeConnections)
      return stopping
    },
  }
}

/** Connections that are kept alive are closed as soon as they are idle: their next request belongs to another process. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_AGAIN_MS)
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
  await closed
  clearInterval(idle)
  clearTimeout(timer)
}
