import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { OWN_ADDRESS, type Context } from './context'
import { answerControl } from './control/control'
import { createFaultBoard } from './control/faults'
import { answerApi } from './http/api'
import { Refusal } from './http/refusal'
import { readRequest, type Request, type Response } from './http/request'
import { expireOverdueSessions } from './objects/checkout-sessions'
import { answerPage } from './pages/pages'
import type { Sandbox } from './sandbox'
import type { SandboxSettings } from './settings'
import { prepareSchema } from './store/schema'
import { inTransaction } from './store/transaction'
import { Deliveries } from './webhooks/deliveries'
import { openSwitchBoard } from './webhooks/switches'

const POOL_SIZE = 8
const SWEEP_EVERY_MS = 15_000

/** A sandbox that listens. */
export type RunningSandbox = { readonly url: string; readonly stop: () => Promise<void> }

/** Prepares the schema, listens on the loopback address and starts to deliver webhooks. */
export async function startSandbox(settings: SandboxSettings): Promise<RunningSandbox> {
  const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: POOL_SIZE })
  pool.on('error', (error) => complain('database connection', error))
  await prepareSchema(pool)
  const board = await openSwitchBoard(pool, settings.webhookUrl)
  const server = createServer()
  const url = await listen(server, settings.port)
  const putAddress = (json: string) => json.replaceAll(OWN_ADDRESS, url)
  const deliveries = new Deliveries({ pool, board, secret: settings.webhookSecret, putAddress })
  const sandbox: Sandbox = {
    settings,
    pool,
    board,
    faults: createFaultBoard(),
    deliveries,
    context: (tx, asked): Context => ({
      tx,
      now: Math.floor(Date.now() / 1000),
      requestId: asked?.requestId ?? null,
      idempotencyKey: asked?.idempotencyKey ?? null,
      switches: board.current(),
    }),
  }
  server.on('request', (incoming, outgoing) => void serve(sandbox, putAddress, incoming, outgoing))
  const sweep = setInterval(() => void sweepSessions(sandbox), SWEEP_EVERY_MS)
  return {
    url,
    stop: async () => {
      clearInterval(sweep)
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      await deliveries.stop()
      server.closeAllConnections()
      await closed
      await pool.end()
    },
  }
}

async function serve(
  sandbox: Sandbox,
  putAddress: (text: string) => string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const response = await answer(sandbox, incoming)
  if (response.isDropped === true) {
    outgoing.destroy()
    return
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, putAddress(value)] as const)
  outgoing.writeHead(response.status, Object.fromEntries(headers)).end(putAddress(response.body))
}

async function answer(sandbox: Sandbox, incoming: IncomingMessage): Promise<Response> {
  try {
    const request = await readRequest(incoming)
    return await dispatch(sandbox, request)
  } catch (error) {
    const headers = { 'content-type': 'application/json' }
    if (error instanceof Refusal) {
      return { status: error.status, headers, body: JSON.stringify({ error: error.error }) }
    }
    complain(`${incoming.method} ${incoming.url}`, error)
    const body = { error: { type: 'api_error', message: 'The sandbox failed. See its log.' } }
    return { status: 500, headers, body: JSON.stringify(body) }
  }
}

function dispatch(sandbox: Sandbox, request: Request): Promise<Response> {
  if (request.path.startsWith('/_sandbox/')) return answerControl(sandbox, request)
  if (/^\/(c\/pay|3ds|receipts)\//.test(request.path)) return answerPage(sandbox, request)
  return answerApi(sandbox, request)
}

async function sweepSessions(sandbox: Sandbox): Promise<void> {
  try {
    const expired = await inTransaction(sandbox.pool, (tx) => expireOverdueSessions(sandbox.context(tx)))
    if (expired > 0) sandbox.deliveries.wake()
  } catch (error) {
    complain('expiring sessions', error)
  }
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function complain(what: string, error: unknown): void {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`stripe sandbox: ${what}: ${reason}\n`)
}
