import { createServer, type AddressInfo } from 'node:net'

import { afterAll, beforeAll, expect, it, vi } from 'vitest'

import { checkReadiness } from '@/lib/analytics/check-readiness'
import { env } from '@/lib/env'
import { closeConnections } from '@/lib/organizations/close-connections'

import { handleApi } from './web-mount'

const SETTINGS = {
  NODE_ENV: 'test',
  AUTH_SECRET: 'a secret of tests, long enough to pass',
  STRIPE_SECRET_KEY: 'sk_test_purser_tests',
  STRIPE_WEBHOOK_SECRET: 'whsec_tests',
  LOG_LEVEL: 'silent',
}

beforeAll(async () => {
  const port = await closedPort()
  const settings = { ...SETTINGS, DATABASE_URL: `postgresql://purser@127.0.0.1:${port}/none` }
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
  expect(env().DATABASE_URL).toBe(settings.DATABASE_URL)
})
afterAll(() => closeConnections())

it('without a database the machine API answers 503 and when to come back, and the process is not ready', async () => {
  const headers = { authorization: `Bearer sk_test_${'a'.repeat(43)}` }
  const answered = await handleApi(new Request('http://purser.test/api/v1/meters', { headers }))
  expect(answered.status).toBe(503)
  expect(answered.headers.get('retry-after')).toBe('1')
  expect(await answered.json()).toMatchObject({ code: 'unavailable', status: 503 })
  expect(await checkReadiness()).toEqual({ ok: false, error: { reason: 'database_unreachable' } })
})

/** A port that nobody listens on any more. */
function closedPort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
