import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database'
import { spawnSandbox, startSandboxProcess } from '@/lib/testing/sandbox-process'
import { startWebhookReceiver } from '@/lib/testing/webhook-receiver'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(async () => {
  await database.drop()
})

it.each(['SIGTERM', 'SIGKILL'] as const)(
  'after %s another process goes on with the same objects, keys, switches and undelivered webhooks',
  async (signal) => {
    const key = { 'idempotency-key': `restart-${signal}` }
    const payment = { amount: '500', currency: 'usd', payment_method: 'pm_card_visa', confirm: 'true' }
    const before = await startSandboxProcess(database.url)
    await before.control.setWebhooks({ url: null, duplicates: 1 })
    const paid = await before.api('POST', '/v1/payment_intents', payment, key)
    const opened = await before.api('POST', '/v1/checkout/sessions', {
      mode: 'payment',
      success_url: 'http://localhost:3000/',
      'line_items[0][price_data][currency]': 'usd',
      'line_items[0][price_data][unit_amount]': '5000',
      'line_items[0][price_data][product_data][name]': 'Credits',
    })
    const code = await before.stop(signal)
    expect(code).toBe(signal === 'SIGTERM' ? 0 : null)

    const after = await startSandboxProcess(database.url)
    const receiver = await startWebhookReceiver()
    try {
      const again = await after.api('POST', '/v1/payment_intents', payment, key)
      expect(again.headers.get('idempotent-replayed')).toBe('true')
      expect(again.body['id']).toBe(paid.body['id'])
      const session = await after.api('GET', `/v1/checkout/sessions/${String(opened.body['id'])}`)
      expect(session.body['url']).toBe(`${after.url}/c/pay/${String(opened.body['id'])}`)

      await after.control.setWebhooks({ url: receiver.url })
      expect(await after.control.flushWebhooks()).toMatchObject({ pending: 0 })
      const about = receiver.received.filter(({ body }) => body.includes(`"id":"${String(paid.body['id'])}"`))
      expect(about.length).toBeGreaterThanOrEqual(4)
    } finally {
      await after.stop()
      await receiver.close()
    }
  },
)

it.each([
  ['a live key', { SANDBOX_SECRET_KEY: 'sk_live_real' }, 'SANDBOX_SECRET_KEY'],
  ['no database', { SANDBOX_DATABASE_URL: '' }, 'SANDBOX_DATABASE_URL'],
  ['a webhook secret of another form', { SANDBOX_WEBHOOK_SECRET: 'secret' }, 'SANDBOX_WEBHOOK_SECRET'],
])('with %s the process refuses to start and names the setting', async (_case, change, named) => {
  const child = spawnSandbox({
    SANDBOX_DATABASE_URL: database.url,
    SANDBOX_SECRET_KEY: 'sk_test_x',
    SANDBOX_WEBHOOK_SECRET: 'whsec_x',
    ...change,
  })
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  expect(code).toBe(1)
  expect(complaint).toContain(named)
  expect(complaint).not.toContain('sk_live_real')
})
