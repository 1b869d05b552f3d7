import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { PurserError } from '@/lib/errors'
import { withoutSecrets } from '@/lib/log'

import { internalProblem, problemOf } from './problem'
import { isDatabaseTrouble } from './unexpected'

const SETTINGS = {
  DATABASE_URL: 'postgresql://localhost/none',
  AUTH_SECRET: 'a secret of tests, long enough to pass',
  STRIPE_SECRET_KEY: 'sk_test_purser_tests',
  STRIPE_WEBHOOK_SECRET: 'whsec_tests',
  APP_URL: 'https://billing.example.com',
}
const CONTEXT = { requestId: 'req_1', organizationSlug: 'acme' }

/** Every code of api.md with its status, and those that only pages meet. */
const TABLE: readonly (readonly [number, PurserError])[] = [
  [400, { code: 'malformed_json' }],
  [400, { code: 'idempotency_key_required' }],
  [401, { code: 'unauthenticated' }],
  [402, { code: 'insufficient_credits', required: '2', available: '1', asset: 'credit' }],
  [402, { code: 'spend_limit_exceeded', limit: 'monthly' }],
  [402, { code: 'debt_unsettled', debt: '3', asset: 'credit' }],
  [402, { code: 'payment_refused', reason: 'card_declined', message: 'Your card was declined. Try another one.' }],
  [403, { code: 'forbidden' }],
  [404, { code: 'not_found', what: 'grant' }],
  [405, { code: 'method_not_allowed', allow: ['GET', 'PUT'] }],
  [409, { code: 'idempotency_conflict' }],
  [409, { code: 'idempotency_in_progress' }],
  [409, { code: 'conflict', message: 'It exists.' }],
  [409, { code: 'invalid_state', message: 'It is closed.' }],
  [413, { code: 'too_large', limitBytes: 10 }],
  [415, { code: 'unsupported_media_type' }],
  [422, { code: 'invalid_input', errors: [{ path: 'a.b', message: 'Send this field.' }] }],
  [422, { code: 'unknown_meter', meter: 'x' }],
  [422, { code: 'unpriced', meter: 'x' }],
  [429, { code: 'rate_limited', retryAfterSeconds: 7 }],
  [503, { code: 'unavailable' }],
]

beforeEach(() => {
  for (const [name, value] of Object.entries(SETTINGS)) vi.stubEnv(name, value)
})

describe('problems', () => {
  it.each(TABLE)('%i: %j says what it is and what to do next', (status, error) => {
    const problem = problemOf(error, CONTEXT)
    const { code } = error
    expect(problem).toMatchObject({ status, body: { status, code, request_id: 'req_1' } })
    expect(problem.body.type).toBe(`urn:purser:problem:${code}`)
    expect(problem.body.title).not.toMatch(/[.!]$/)
    expect(problem.body.detail).toMatch(/^[A-Z0-9].*\.$/)
  })

  it('carry what a program needs: figures, where to buy, fields, when to come back, what is allowed', () => {
    const [short, debt, field] = [TABLE[3], TABLE[5], TABLE[16]].map((row) => row && problemOf(row[1], CONTEXT))
    const buy_url = 'https://billing.example.com/o/acme/buy'
    expect(short?.body).toMatchObject({ required: '2', available: '1', asset: 'credit', buy_url })
    expect(debt?.body).toMatchObject({ debt: '3', buy_url })
    expect(field?.body.errors).toEqual([{ path: 'a.b', message: 'Send this field.' }])
    expect(problemOf({ code: 'rate_limited', retryAfterSeconds: 7 }, CONTEXT).headers).toEqual({ 'retry-after': '7' })
    expect(problemOf({ code: 'unavailable' }, CONTEXT).headers).toEqual({ 'retry-after': '1' })
    expect(problemOf({ code: 'method_not_allowed', allow: ['GET', 'PUT'] }, CONTEXT).headers).toEqual({
      allow: 'GET, PUT',
    })
  })

  it('of a bug says nothing of the bug', () => {
    expect(internalProblem(CONTEXT)).toMatchObject({ status: 500, body: { code: 'internal', request_id: 'req_1' } })
  })

  it('do not send a megabyte back to whoever sent one', () => {
    const errors = Array.from({ length: 5000 }, () => ({ path: 'x'.repeat(1000), message: 'y'.repeat(1000) }))
    expect(JSON.stringify(problemOf({ code: 'invalid_input', errors }, CONTEXT).body).length).toBeLessThan(70_000)
  })
})

describe('exceptions', () => {
  it.each([
    [true, Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
    [true, Object.assign(new Error('shutting down'), { code: '57P01' })],
    [true, new Error('timeout exceeded when trying to connect')],
    [true, new Error('Connection terminated unexpectedly')],
    [true, new Error('prisma', { cause: Object.assign(new Error('x'), { code: 'P1001' }) })],
    [true, new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })])],
    [false, Object.assign(new Error('duplicate key'), { code: '23505' })],
    [false, new Error('a bug')],
    [false, 'not even an error'],
  ])('are trouble of the database: %s for %s', (expected, thrown) => {
    expect(isDatabaseTrouble(thrown)).toBe(expected)
  })

  it('are logged without keys, tokens and passwords', () => {
    const text = withoutSecrets(
      'Bearer sk_live_abcdefgh failed at postgresql://purser:hunter2@db/x with whsec_0123456789 and sk_test_zzzzzz',
    )
    expect(text).not.toMatch(/abcdefgh|hunter2|0123456789|zzzzzz/)
    expect(text).toContain('db/x')
  })
})
