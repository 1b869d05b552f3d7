import { setTimeout as wait } from 'node:timers/promises'
import type { Sandbox } from '../sandbox'
import { chargeRoutes } from '../objects/charges'
import { checkoutSessionRoutes } from '../objects/checkout-sessions'
import { customerRoutes } from '../objects/customers'
import { disputeRoutes } from '../objects/disputes'
import { eventRoutes } from '../objects/events'
import { paymentIntentRoutes } from '../objects/payment-intents'
import { paymentMethodRoutes } from '../objects/payment-methods'
import { refundRoutes } from '../objects/refunds'
import { setupIntentRoutes } from '../objects/setup-intents'
import { newRequestId } from '../store/ids'
import { inTransaction } from '../store/transaction'
import { API_VERSION } from '../context'
import type { Route } from './answer'
import { expand } from './expand'
import { listOf, parseForm } from './form'
import { claimKey, fingerprintOf, rememberAnswer } from './idempotency'
import { Refusal, unrecognized } from './refusal'
import type { Request, Response } from './request'

const ROUTES: readonly Route[] = [
  ...customerRoutes,
  ...paymentMethodRoutes,
  ...setupIntentRoutes,
  ...paymentIntentRoutes,
  ...checkoutSessionRoutes,
  ...chargeRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...eventRoutes,
]

/** Answers one request to Stripe's API: authenticates, finds the endpoint, runs it once per key. */
export async function answerApi(sandbox: Sandbox, request: Request): Promise<Response> {
  const requestId = newRequestId()
  const headers = { 'content-type': 'application/json', 'request-id': requestId, 'stripe-version': API_VERSION }
  try {
    refuseStranger(sandbox, request)
    const { route, id } = match(request.method, request.path)
    const faults = sandbox.faults.take(`${route.method} ${route.path}`)
    for (const fault of faults) if (fault.fault === 'slow') await wait(fault.ms)
    if (faults.some((fault) => fault.fault === 'fail')) throw outage()
    const answer = await run(sandbox, request, route, id, requestId)
    sandbox.deliveries.wake()
    const key = request.headers['idempotency-key']
    return {
      status: answer.status,
      headers: {
        ...headers,
        ...(typeof key === 'string' ? { 'idempotency-key': key } : {}),
        ...(answer.isReplay ? { 'idempotent-replayed': 'true' } : {}),
      },
      body: answer.body,
      isDropped: faults.some((fault) => fault.fault === 'drop_answer'),
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { status: error.status, headers, body: JSON.stringify({ error: error.error }, null, 2) }
  }
}

type Outcome = { status: number; body: string; isReplay: boolean }

async function run(sandbox: Sandbox, request: Request, route: Route, id: string, requestId: string): Promise<Outcome> {
  const form = request.method === 'POST' ? request.body : request.query
  const { expand: expansions, ...params } = parseForm(form)
  const keyHeader = request.headers['idempotency-key']
  const key = request.method === 'POST' && typeof keyHeader === 'string' && keyHeader !== '' ? keyHeader : null
  const fingerprint = fingerprintOf(request.method, request.path, form)
  return inTransaction(sandbox.pool, async (tx) => {
    const remembered = key === null ? null : await claimKey(tx, key, fingerprint)
    if (remembered !== null) return { ...remembered, isReplay: true }
    const context = sandbox.context(tx, { requestId, idempotencyKey: key })
    const answer = await route.handle(context, params, id)
    const paths = listOf(expansions).filter((path) => typeof path === 'string')
    if (answer.status === 200) await expand(tx, answer.body, paths)
    const body = JSON.stringify(answer.body, null, 2)
    if (key !== null) await rememberAnswer(tx, key, fingerprint, { status: answer.status, body })
    return { status: answer.status, body, isReplay: false }
  })
}

function match(method: string, path: string): { route: Route; id: string } {
  const asked = path.split('/')
  for (const route of ROUTES) {
    const parts = route.path.split('/')
    if (route.method !== method || parts.length !== asked.length) continue
    const slot = parts.indexOf(':id')
    const isSame = parts.every((part, place) =>
      place === slot ? /^\w+$/.test(asked[place] ?? '') : part === asked[place],
    )
    if (isSame) return { route, id: slot < 0 ? '' : (asked[slot] ?? '') }
  }
  throw unrecognized(method, path)
}

/** Refuses a request without the secret key, in Bearer or Basic form. */
export function refuseStranger(sandbox: Sandbox, request: Request): void {
  const given = request.headers.authorization ?? ''
  const basic = /^Basic (.+)$/i.exec(given)?.[1]
  const decoded = basic === undefined ? undefined : Buffer.from(basic, 'base64').toString('utf8').split(':')[0]
  const key = decoded ?? /^Bearer (.+)$/i.exec(given)?.[1]
  if (key === sandbox.settings.secretKey) return
  const type = 'invalid_request_error'
  if (key === undefined) {
    const message = 'You did not provide an API key. Send the secret key as a bearer token in the Authorization header.'
    throw new Refusal(401, { type, message })
  }
  if (key.startsWith('sk_live_')) {
    throw new Refusal(401, {
      type,
      message: 'This is the Stripe sandbox of a test installation. It refuses live keys.',
    })
  }
  throw new Refusal(401, { type, message: `Invalid API Key provided: ${key.slice(0, 8)}****` })
}

function outage(): Refusal {
  return new Refusal(500, { type: 'api_error', message: 'An unknown error occurred (the sandbox was told to fail).' })
}
