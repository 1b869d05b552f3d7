import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database'
import { SANDBOX_KEYS, startSandboxProcess, type SandboxProcess } from '@/lib/testing/sandbox-process'

let database: TestDatabase
let sandbox: SandboxProcess

beforeAll(async () => {
  database = await createTestDatabase()
  sandbox = await startSandboxProcess(database.url)
})

beforeEach(async () => {
  await sandbox.control.clearFaults()
})

afterAll(async () => {
  await sandbox.stop()
  await database.drop()
})

const PAYMENT = { amount: '500', currency: 'usd', payment_method: 'pm_card_visa', confirm: 'true' }

function pay(key: string, change: Record<string, string> = {}) {
  return sandbox.api('POST', '/v1/payment_intents', { ...PAYMENT, ...change }, { 'idempotency-key': key })
}

async function chargesOf(description: string): Promise<number> {
  const charges = await sandbox.control.objects('charge')
  return charges.filter((charge) => charge['description'] === description).length
}

describe('an idempotency key', () => {
  it('with the same body gets the same answer again, marked as a replay', async () => {
    const first = await pay('key-same', { description: 'same' })
    const again = await pay('key-same', { description: 'same' })
    expect(first.status).toBe(200)
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.body).toEqual(first.body)
    expect(await chargesOf('same')).toBe(1)
  })

  it('with another body is an idempotency_error', async () => {
    await pay('key-other')
    const other = await pay('key-other', { amount: '501' })
    expect(other).toMatchObject({ status: 400, body: { error: { type: 'idempotency_error' } } })
  })

  it('remembers a decline, status included', async () => {
    const change = { payment_method: 'pm_card_chargeDeclined', description: 'declined' }
    const first = await pay('key-declined', change)
    expect(first).toMatchObject({
      status: 402,
      body: { error: { type: 'card_error', payment_intent: { status: 'requires_payment_method' } } },
    })
    expect(await pay('key-declined', change)).toMatchObject({ status: 402, body: first.body })
    expect(await chargesOf('declined')).toBe(1)
  })

  it('forgets a request that was refused before anything happened', async () => {
    expect((await pay('key-refused', { amount: '1' })).status).toBe(400)
    expect((await pay('key-refused')).status).toBe(200)
  })

  it('used by ten at once makes one charge; the others replay or are told that it is in use', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => pay('key-race', { description: 'race' })))
    for (const answer of answers) {
      expect([200, 409]).toContain(answer.status)
      if (answer.status === 409) {
        expect(answer.body).toMatchObject({ error: { code: 'idempotency_key_in_use' } })
      }
    }
    expect(answers.filter((answer) => answer.status === 200).length).toBeGreaterThan(0)
    expect(await chargesOf('race')).toBe(1)
  })
})

describe('a fault', () => {
  it('that drops the answer after charging leaves one charge when the same key asks again', async () => {
    await sandbox.control.addFault({ endpoint: 'POST /v1/payment_intents', fault: 'drop_answer' })
    await expect(pay('key-dropped', { description: 'dropped' })).rejects.toThrow()
    expect(await chargesOf('dropped')).toBe(1)
    const again = await pay('key-dropped', { description: 'dropped' })
    expect(again.body).toMatchObject({ status: 'succeeded' })
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(await chargesOf('dropped')).toBe(1)
  })

  it('that fails the next two requests charges nothing, and the third goes through with the same key', async () => {
    await sandbox.control.addFault({ endpoint: 'POST /v1/payment_intents', fault: 'fail', times: 2 })
    expect((await pay('key-failed', { description: 'failed' })).status).toBe(500)
    expect((await pay('key-failed', { description: 'failed' })).status).toBe(500)
    expect(await chargesOf('failed')).toBe(0)
    expect((await pay('key-failed', { description: 'failed' })).status).toBe(200)
    expect(await chargesOf('failed')).toBe(1)
  })

  it('that slows a request makes it wait', async () => {
    await sandbox.control.addFault({ endpoint: '*', fault: 'slow', ms: 300 })
    const asked = performance.now()
    await sandbox.api('GET', '/v1/customers')
    expect(performance.now() - asked).toBeGreaterThanOrEqual(295)
  })
})

describe('what Stripe would refuse', () => {
  it.each([
    ['an unknown address', 'GET', '/v1/invoices', {}, 404, { type: 'invalid_request_error' }],
    ['an unknown parameter', 'POST', '/v1/customers', { nmae: 'x' }, 400, { code: 'parameter_unknown', param: 'nmae' }],
    [
      'an unknown nested one',
      'POST',
      '/v1/payment_intents',
      { ...PAYMENT, 'automatic_payment_methods[on]': 'true' },
      400,
      { code: 'parameter_unknown', param: 'automatic_payment_methods[on]' },
    ],
    [
      'a missing parameter',
      'POST',
      '/v1/payment_intents',
      { currency: 'usd' },
      400,
      { code: 'parameter_missing', param: 'amount' },
    ],
    [
      'an amount that is no integer',
      'POST',
      '/v1/payment_intents',
      { ...PAYMENT, amount: '5.5' },
      400,
      { code: 'parameter_invalid_integer', param: 'amount' },
    ],
    [
      'an amount that is too large',
      'POST',
      '/v1/payment_intents',
      { ...PAYMENT, amount: '100000000' },
      400,
      { code: 'amount_too_large' },
    ],
    ['an unknown id', 'GET', '/v1/payment_intents/pi_1', {}, 404, { code: 'resource_missing' }],
    [
      'an unknown id in a parameter',
      'POST',
      '/v1/payment_intents',
      { ...PAYMENT, customer: 'cus_1' },
      400,
      { code: 'resource_missing', param: 'customer' },
    ],
    [
      'a property that cannot be expanded',
      'POST',
      '/v1/payment_intents',
      { ...PAYMENT, 'expand[]': 'amount' },
      400,
      { param: 'expand' },
    ],
    [
      'a prototype as a key',
      'POST',
      '/v1/customers',
      { '__proto__[polluted]': 'yes' },
      400,
      { code: 'parameter_unknown' },
    ],
  ] as const)('%s is refused in the shape of Stripe', async (_case, method, path, fields, status, error) => {
    const answer = await sandbox.api(method, path, fields)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ error })
    expect(Object.keys(answer.body)).toEqual(['error'])
  })

  it.each([
    ['no key', {}],
    ['another test key', { authorization: 'Bearer sk_test_other' }],
    ['a live key', { authorization: 'Bearer sk_live_real' }],
  ])('%s is refused with 401', async (_case, headers) => {
    const answer = await fetch(`${sandbox.url}/v1/customers`, { headers: { ...headers } })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
  })

  it('the key is accepted as the name of basic authentication too', async () => {
    const basic = Buffer.from(`${SANDBOX_KEYS.secretKey}:`).toString('base64')
    const answer = await fetch(`${sandbox.url}/v1/customers`, { headers: { authorization: `Basic ${basic}` } })
    expect(answer.status).toBe(200)
  })

  it('a body that is too large is refused', async () => {
    expect((await sandbox.api('POST', '/v1/customers', { name: 'x'.repeat(300_000) })).status).toBe(413)
  })
})

describe('a list', () => {
  it('is paged newest first by cursors in both directions, without gaps or repeats', async () => {
    const { body } = await sandbox.api('POST', '/v1/customers', {})
    const customer = String(body['id'])
    for (let made = 0; made < 5; made += 1) await pay(`key-list-${made}`, { customer, description: `list ${made}` })
    const seen: string[] = []
    let after: Record<string, string> = {}
    for (let page = 0; page < 5; page += 1) {
      const listed = await sandbox.api('GET', '/v1/payment_intents', { customer, limit: '2', ...after })
      const data = listed.body['data'] as { id: string; description: string }[]
      seen.push(...data.map((intent) => intent.description))
      if (listed.body['has_more'] !== true) break
      after = { starting_after: data.at(-1)?.id ?? '' }
    }
    expect(seen).toEqual(['list 4', 'list 3', 'list 2', 'list 1', 'list 0'])
    const back = await sandbox.api('GET', '/v1/payment_intents', {
      customer,
      ending_before: after['starting_after'] ?? '',
    })
    expect((back.body['data'] as { description: string }[]).map((intent) => intent.description)).toEqual([
      'list 4',
      'list 3',
      'list 2',
    ])
  })
})
