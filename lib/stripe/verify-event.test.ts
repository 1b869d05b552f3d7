import { createHmac } from 'node:crypto'
import { afterEach, expect, it, vi } from 'vitest'
import { verifyStripeEvent } from './verify-event'

const SECRET = 'whsec_tests'
const mode = vi.hoisted(() => ({ current: 'test' as 'test' | 'live' }))
vi.mock('@/lib/env', () => ({
  env: () => ({ STRIPE_SECRET_KEY: 'sk_test_tests', STRIPE_WEBHOOK_SECRET: 'whsec_tests', STRIPE_API_BASE: undefined }),
  paymentMode: () => mode.current,
}))
afterEach(() => {
  mode.current = 'test'
})

const BODY = JSON.stringify({
  id: 'evt_1',
  object: 'event',
  type: 'payment_intent.succeeded',
  livemode: false,
  created: 1_780_000_000,
  data: { object: { id: 'pi_1', object: 'payment_intent' } },
})

function sign(body: string, ageSeconds = 0, secret = SECRET): string {
  const at = Math.floor(Date.now() / 1000) - ageSeconds
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`
}

const refused = { ok: false, error: 'bad_signature' }

it('a signed event becomes a notice in our words', () => {
  const notice = {
    id: 'evt_1',
    type: 'payment_intent.succeeded',
    livemode: false,
    createdAt: new Date(1_780_000_000_000),
    notice: { kind: 'payment_changed', paymentIntentId: 'pi_1' },
  }
  expect(verifyStripeEvent(BODY, sign(BODY))).toEqual({ ok: true, value: notice })
  expect(verifyStripeEvent(new TextEncoder().encode(BODY), sign(BODY))).toEqual({ ok: true, value: notice })
})

it('one signature that fits is enough while the secret is being rolled', () => {
  const [at, good] = sign(BODY).split(',')
  expect(verifyStripeEvent(BODY, `${at},v1=${'0'.repeat(64)},${good}`)).toMatchObject({ ok: true })
})

it.each([
  ['a changed body', () => verifyStripeEvent(BODY.replace('pi_1', 'pi_2'), sign(BODY))],
  ['a signature with another secret', () => verifyStripeEvent(BODY, sign(BODY, 0, 'whsec_other'))],
  ['a signature older than five minutes', () => verifyStripeEvent(BODY, sign(BODY, 301))],
  ['a missing signature', () => verifyStripeEvent(BODY, null)],
  ['a header that is no signature', () => verifyStripeEvent(BODY, 'hello')],
  ['an empty body', () => verifyStripeEvent('', sign(''))],
  ['a signed body that is not JSON', () => verifyStripeEvent('{', sign('{'))],
  ['a signed body that is no event', () => verifyStripeEvent('{}', sign('{}'))],
])('%s is refused', (_case, verify) => {
  expect(verify()).toEqual(refused)
})

it('a signature almost five minutes old is still accepted', () => {
  expect(verifyStripeEvent(BODY, sign(BODY, 290))).toMatchObject({ ok: true })
})

it("an event about the other mode's money is told apart, in both directions", () => {
  const wrongMode = { ok: false, error: 'wrong_mode' }
  const live = BODY.replace('"livemode":false', '"livemode":true')
  expect(verifyStripeEvent(live, sign(live))).toEqual(wrongMode)
  mode.current = 'live'
  expect(verifyStripeEvent(BODY, sign(BODY))).toEqual(wrongMode)
  expect(verifyStripeEvent(live, sign(live))).toMatchObject({ ok: true, value: { livemode: true } })
})
