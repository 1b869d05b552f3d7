import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { serveApi } from '@/lib/http/v1/node-mount'
import { handleApi } from '@/lib/http/v1/web-mount'
import { createApiKey } from '@/lib/organizations/create-api-key'

import { valueOf } from './ledger'

/** The two ways in which the machine API is served. */
export const MOUNTS = ['web-standard handler', 'node:http front'] as const

/** An answer of the API, read. */
export type Answered = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}

/** What is sent besides method and path. `body` is JSON unless it is text or bytes. `key: null` sends none. */
export type Sent = {
  readonly body?: unknown
  readonly raw?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
  readonly headers?: Readonly<Record<string, string>>
  readonly key?: string | null
}

/** A client of the machine API with a test key, a live key, and a way to call it. */
export type ApiClient = {
  readonly testKey: string
  readonly liveKey: string
  readonly call: (method: string, path: string, sent?: Sent) => Promise<Answered>
  readonly close: () => Promise<void>
}

/** Opens the API in this process. The environment and the database are there already. */
export async function openApi(mount: (typeof MOUNTS)[number]): Promise<ApiClient> {
  const testKey = await makeKey('test')
  const liveKey = await makeKey('live')
  const server = mount === 'node:http front' ? await listen() : null
  const base = server === null ? 'http://purser.test' : `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const send = server === null ? (request: Request) => handleApi(request) : (request: Request) => fetch(request)
  return {
    testKey,
    liveKey,
    call: async (method, path, sent = {}) => read(await send(request(base, method, path, testKey, sent))),
    close: async () => {
      server?.closeAllConnections()
      await new Promise<void>((resolve) => (server === null ? resolve() : server.close(() => resolve())))
    },
  }
}

async function makeKey(mode: 'test' | 'live'): Promise<string> {
  const made = await createApiKey(
    { kind: 'job', task: 'test' },
    { mode, name: `of ${randomUUID()}` },
    { now: () => new Date() },
  )
  return valueOf(made).secret
}

function listen(): Promise<Server> {
  const server = createServer((message, response) => void serveApi(message, response))
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

function request(base: string, method: string, path: string, testKey: string, sent: Sent): Request {
  const { body, raw, headers = {}, key = testKey } = sent
  const hasBody = body !== undefined || raw !== undefined
  return new Request(`${base}/api/v1${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(hasBody ? { body: raw ?? JSON.stringify(body), duplex: 'half' } : {}),
  } as RequestInit)
}

async function read(response: Response): Promise<Answered> {
  const text = await response.text()
  const { status, headers } = response
  return { status, headers, text, body: text === '' ? {} : (JSON.parse(text) as Answered['body']) }
}
