/** Where the sandbox listens and the secret key that it accepts. */
export type SandboxAddress = { readonly url: string; readonly secretKey: string }

/** How webhooks misbehave; what is left out stays as it is. */
export type WebhookSwitches = {
  readonly url?: string | null
  readonly delayMs?: number
  readonly duplicates?: number
  readonly reorder?: boolean
  readonly lose?: number | 'all'
  readonly paused?: boolean
}

/** How the webhook queue stands. */
export type WebhookQueue = {
  readonly pending: number
  readonly delivered: number
  readonly lost: number
  readonly givenUp: number
}

/** One delivery of an event. */
export type WebhookDelivery = {
  readonly id: string
  readonly event_id: string
  readonly event_type: string
  readonly state: 'pending' | 'delivered' | 'lost' | 'given_up'
  readonly attempts: number
  readonly last_status: number | null
  readonly last_error: string | null
}

/** A fault for the next requests to an endpoint such as `POST /v1/payment_intents`, or to `*`. */
export type SandboxFault = {
  readonly endpoint: string
  readonly fault: 'drop_answer' | 'fail' | 'slow'
  readonly times?: number
  readonly ms?: number
}

/** Where a hosted page led. */
export type CheckoutStep =
  | { readonly kind: 'complete'; readonly url: string }
  | { readonly kind: 'declined'; readonly message: string }
  | { readonly kind: 'expired' }

/** What is typed into the hosted page; a good card of Ana Silva when left out. */
export type TypedCard = {
  readonly number?: string
  readonly expiry?: string
  readonly cvc?: string
  readonly name?: string
  readonly email?: string
  /** The answer to 3-D Secure; true when left out. */
  readonly authenticate?: boolean
}

/** Kinds of objects, as Stripe names them. */
export type SandboxKind =
  | 'customer'
  | 'payment_method'
  | 'payment_intent'
  | 'setup_intent'
  | 'charge'
  | 'refund'
  | 'dispute'
  | 'checkout_session'
  | 'event'

/** Any object of Stripe's API. */
export type SandboxObject = Readonly<Record<string, unknown>> & { readonly id: string }

const VISA = '4242424242424242'

/** A client of the sandbox's control API, for tests and demonstrations. Each method throws with the sandbox's own words. */
export function sandboxControl(address: SandboxAddress) {
  const ask = async <Answer>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Answer> => {
    const answer = await fetch(`${address.url}/_sandbox/${path}`, {
      method,
      headers: { authorization: `Bearer ${address.secretKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`The sandbox refused ${method} ${path} with ${answer.status}: ${text}`)
    return JSON.parse(text) as Answer
  }
  return {
    /** Moves webhook switches. */
    setWebhooks: (switches: WebhookSwitches) => ask<unknown>('POST', 'webhooks', switches),
    /** Puts all webhook switches back and sends what waited. What was lost stays lost. */
    resumeWebhooks: () => ask<unknown>('POST', 'webhooks/resume'),
    /** Sends everything that waits now and says how the queue stands after one round. */
    flushWebhooks: async () => (await ask<{ queue: WebhookQueue }>('POST', 'webhooks/flush')).queue,
    webhookQueue: async () => (await ask<{ queue: WebhookQueue }>('GET', 'webhooks')).queue,
    /** The last 100 deliveries, newest first. */
    deliveries: async () => (await ask<{ data: readonly WebhookDelivery[] }>('GET', 'deliveries')).data,
    /** Sends one event once more. */
    resendEvent: (eventId: string) => ask<unknown>('POST', `events/${eventId}/resend`),
    addFault: (fault: SandboxFault) => ask<unknown>('POST', 'faults', fault),
    clearFaults: () => ask<unknown>('DELETE', 'faults'),
    openDispute: (charge: string, reason?: string) =>
      ask<SandboxObject>('POST', 'disputes', { charge, ...(reason === undefined ? {} : { reason }) }),
    winDispute: (disputeId: string) => ask<SandboxObject>('POST', `disputes/${disputeId}/win`),
    loseDispute: (disputeId: string) => ask<SandboxObject>('POST', `disputes/${disputeId}/lose`),
    /** Fills in the hosted page and sends it, 3-D Secure included. */
    completeCheckout: (sessionId: string, card: TypedCard = {}) =>
      ask<CheckoutStep>('POST', `checkout/${sessionId}/complete`, { number: VISA, ...card }),
    /** Answers the bank's question about an intent. */
    answerThreeDSecure: (intentId: string, answer: 'complete' | 'fail') =>
      ask<CheckoutStep>('POST', `3ds/${intentId}/${answer}`),
    /** The last 100 objects of a kind, newest first. */
    objects: async (kind: SandboxKind) =>
      (await ask<{ data: readonly SandboxObject[] }>('GET', `objects/${kind}`)).data,
  }
}

/** The control API's client. */
export type SandboxControl = ReturnType<typeof sandboxControl>
