import 'server-only'

import type pg from 'pg'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'

import { pool } from './pool'
import { hashSecret } from './secrets'

/** How often something may be tried by one subject. */
export type Allowance = { readonly scope: string; readonly attempts: number; readonly perSeconds: number }

const limiters = new WeakMap<pg.Pool, Map<string, RateLimiterPostgres>>()

/**
 * Counts one attempt of a subject (an e-mail address, a network address), shared by all processes. Returns null while it is
 * within the allowance, else the seconds until the next attempt is heard. The subject itself is not stored, only its hash.
 */
export async function countAttempt(allowance: Allowance, subject: string): Promise<number | null> {
  try {
    await limiter(allowance).consume(hashSecret(subject))
    return null
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000))
    throw refusal
  }
}

/** Forgets the attempts of a subject: it has shown that it may. */
export async function forgetAttempts(allowance: Allowance, subject: string): Promise<void> {
  await limiter(allowance).delete(hashSecret(subject))
}

function limiter({ scope, attempts, perSeconds }: Allowance): RateLimiterPostgres {
  const known = limiters.get(pool()) ?? new Map<string, RateLimiterPostgres>()
  limiters.set(pool(), known)
  const existing = known.get(scope)
  if (existing !== undefined) return existing
  const created = new RateLimiterPostgres({
    storeClient: pool(),
    storeType: 'pool',
    tableName: 'rate_limit',
    tableCreated: true,
    keyPrefix: scope,
    points: attempts,
    duration: perSeconds,
  })
  known.set(scope, created)
  return created
}
