import { z } from 'zod'
import { readTypedCard } from '../cards/card-form'
import { refuseStranger } from '../http/api'
import { invalidRequest, noSuch, unrecognized } from '../http/refusal'
import type { Request, Response } from '../http/request'
import { answerChallenge, submitCheckout, type CheckoutStep } from '../objects/checkout-payment'
import { closeDispute, lockDispute, openDispute } from '../objects/disputes'
import type { Sandbox } from '../sandbox'
import type { Kind } from '../shapes'
import { findObject, listObjects } from '../store/objects'
import { inTransaction } from '../store/transaction'
import { switchesSchema } from '../webhooks/switches'
import { faultSchema } from './faults'

const typedCard = z.strictObject({
  number: z.string(),
  expiry: z.string().default('12/34'),
  cvc: z.string().default('123'),
  name: z.string().default('Ana Silva'),
  email: z.string().default('ana@acme.dev'),
  /** What to answer when the bank asks for 3-D Secure. */
  authenticate: z.boolean().default(true),
})
const newDispute = z.strictObject({
  charge: z.string(),
  reason: z.string().default('fraudulent'),
  amount: z.number().int().optional(),
})
const MOST_LISTED = 100

type Control = (sandbox: Sandbox, request: Request, id: string) => Promise<unknown>

/** The control API: what tests and the development pages use to make Stripe misbehave. */
const CONTROLS: Readonly<Record<string, Control>> = {
  'GET /_sandbox/webhooks': async ({ board, deliveries }) => ({
    switches: board.current(),
    queue: await deliveries.state(),
  }),
  'POST /_sandbox/webhooks': async ({ board, deliveries }, request) => {
    const switches = await board.set(read(switchesSchema.partial().strict(), request))
    deliveries.wake()
    return { switches }
  },
  'POST /_sandbox/webhooks/resume': async ({ board, deliveries }) => {
    const switches = await board.reset()
    await deliveries.hurry()
    return { switches }
  },
  'POST /_sandbox/webhooks/flush': async ({ deliveries }) => ({ queue: await deliveries.flush() }),
  'POST /_sandbox/events/:id/resend': async ({ pool, deliveries }, _request, id) => {
    const { rowCount } = await pool.query(
      `INSERT INTO stripe_sandbox.delivery (event_id, event_type, due_at)
       SELECT id, data->>'type', clock_timestamp() FROM stripe_sandbox.object WHERE id = $1 AND kind = 'event'`,
      [id],
    )
    if (rowCount === 0) throw noSuch('event', id, 'id')
    deliveries.wake()
    return { queued: true }
  },
  'GET /_sandbox/deliveries': ({ pool }) => listDeliveries(pool),
  'POST /_sandbox/faults': ({ faults }, request) => {
    faults.add(read(faultSchema, request))
    return Promise.resolve({ added: true })
  },
  'DELETE /_sandbox/faults': ({ faults }) => {
    faults.clear()
    return Promise.resolve({ cleared: true })
  },
  'POST /_sandbox/disputes': async (sandbox, request) => {
    const input = read(newDispute, request)
    return commit(sandbox, async (context) => {
      const charge = await findObject(context.tx, 'charge', input.charge, 'lock')
      if (charge === null) throw noSuch('charge', input.charge, 'charge', 400)
      return openDispute(context, charge, input.reason, input.amount)
    })
  },
  'POST /_sandbox/disputes/:id/win': (sandbox, _request, id) => decide(sandbox, id, 'won'),
  'POST /_sandbox/disputes/:id/lose': (sandbox, _request, id) => decide(sandbox, id, 'lost'),
  'POST /_sandbox/checkout/:id/complete': completeCheckout,
  'POST /_sandbox/3ds/:id/complete': (sandbox, _request, id) => answerBank(sandbox, id, true),
  'POST /_sandbox/3ds/:id/fail': (sandbox, _request, id) => answerBank(sandbox, id, false),
  'GET /_sandbox/objects/:id': (sandbox, _request, id) =>
    inTransaction(sandbox.pool, (tx) =>
      listObjects(tx, id.replace('checkout_session', 'checkout.session') as Kind, `/_sandbox/objects/${id}`, {
        limit: MOST_LISTED,
      }),
    ),
}

/** Answers one request to the control API. It asks for the secret key, like the rest. */
export async function answerControl(sandbox: Sandbox, request: Request): Promise<Response> {
  refuseStranger(sandbox, request)
  const parts = request.path.split('/')
  for (const [name, control] of Object.entries(CONTROLS)) {
    const [method, pattern] = name.split(' ')
    const expected = (pattern ?? '').split('/')
    const slot = expected.indexOf(':id')
    const isSame =
      parts.length === expected.length && expected.every((part, place) => place === slot || part === parts[place])
    if (method !== request.method || !isSame) continue
    const body = await control(sandbox, request, slot < 0 ? '' : (parts[slot] ?? ''))
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  }
  throw unrecognized(request.method, request.path)
}

async function completeCheckout(sandbox: Sandbox, request: Request, id: string): Promise<CheckoutStep> {
  const { authenticate, ...typed } = read(typedCard, request)
  const entered = readTypedCard(typed, Math.floor(Date.now() / 1000))
  if (!entered.ok) throw invalidRequest(Object.values(entered.error).join(' '))
  const step = await commit(sandbox, (context) => submitCheckout(context, id, entered.value))
  if (step.kind !== 'challenge') return step
  return answerBank(sandbox, step.url.split('/').pop() ?? '', authenticate)
}

function answerBank(sandbox: Sandbox, intentId: string, isAuthenticated: boolean): Promise<CheckoutStep> {
  return commit(sandbox, (context) => answerChallenge(context, intentId, isAuthenticated))
}

function decide(sandbox: Sandbox, id: string, status: 'won' | 'lost') {
  return commit(sandbox, async (context) => {
    const dispute = await lockDispute(context, id)
    await closeDispute(context, dispute, status)
    return dispute.data
  })
}

async function commit<Outcome>(
  sandbox: Sandbox,
  work: (context: ReturnType<Sandbox['context']>) => Promise<Outcome>,
): Promise<Outcome> {
  const outcome = await inTransaction(sandbox.pool, (tx) => work(sandbox.context(tx)))
  sandbox.deliveries.wake()
  return outcome
}

async function listDeliveries(pool: Sandbox['pool']): Promise<{ data: unknown[] }> {
  const { rows } = await pool.query<Record<string, unknown>>(
    `SELECT id, event_id, event_type, state, attempts, last_status, last_error, delivered_at
     FROM stripe_sandbox.delivery ORDER BY id DESC LIMIT $1`,
    [MOST_LISTED],
  )
  return { data: rows }
}

function read<Schema extends z.ZodType>(schema: Schema, request: Request): z.output<Schema> {
  let given: unknown
  try {
    given = JSON.parse(request.body === '' ? '{}' : request.body)
  } catch {
    throw invalidRequest('The body is not JSON.')
  }
  const parsed = schema.safeParse(given)
  if (!parsed.success) throw invalidRequest(z.prettifyError(parsed.error))
  return parsed.data
}
