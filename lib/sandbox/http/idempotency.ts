import { createHash } from 'node:crypto'
import type { PoolClient } from 'pg'
import { Refusal } from './refusal'

const LONGEST_KEY = 255

/** A remembered answer: sent again as it was. */
export type Remembered = { readonly status: number; readonly body: string }

/**
 * Claims a key for the length of the transaction and looks for what was answered before. The claim is an advisory
 * lock, so a crash leaves nothing behind; the answer is kept in the same transaction as its effects.
 * Throws Stripe's refusals for a twin in flight and for another body under the same key.
 */
export async function claimKey(tx: PoolClient, key: string, fingerprint: string): Promise<Remembered | null> {
  if (key.length > LONGEST_KEY) {
    throw new Refusal(400, {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be up to ${LONGEST_KEY} characters long.`,
    })
  }
  const claim = await tx.query<{ claimed: boolean }>(
    "SELECT pg_try_advisory_xact_lock(hashtextextended('stripe_sandbox key ' || $1, 0)) AS claimed",
    [key],
  )
  if (claim.rows[0]?.claimed !== true) {
    throw new Refusal(409, {
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
    })
  }
  const { rows } = await tx.query<Remembered & { fingerprint: string }>(
    'SELECT fingerprint, status, body FROM stripe_sandbox.idempotency WHERE key = $1',
    [key],
  )
  const remembered = rows[0]
  if (remembered === undefined) return null
  if (remembered.fingerprint === fingerprint) return { status: remembered.status, body: remembered.body }
  throw new Refusal(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  })
}

/** Keeps an answer under its key. */
export async function rememberAnswer(
  tx: PoolClient,
  key: string,
  fingerprint: string,
  answer: Remembered,
): Promise<void> {
  await tx.query('INSERT INTO stripe_sandbox.idempotency (key, fingerprint, status, body) VALUES ($1, $2, $3, $4)', [
    key,
    fingerprint,
    answer.status,
    answer.body,
  ])
}

/** What makes two requests the same: method, path and the parameters in any order. */
export function fingerprintOf(method: string, path: string, form: string): string {
  const parameters = form.split('&').sort().join('&')
  return createHash('sha256').update(`${method} ${path}\n${parameters}`).digest('hex')
}
