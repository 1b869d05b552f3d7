import 'server-only'

import pg from 'pg'

import type { Mode } from '@/lib/auth/rules/actor'
import { err, ok, type Result } from '@/lib/result'

import { inTransaction, type Tx } from './pool'

/** What makes a request happen once: its `Idempotency-Key` in a mode and route, and the hash of what it asks. */
export type OnceKey = {
  readonly mode: Mode
  readonly route: string
  readonly key: string
  readonly bodyHash: string
}

/** The key was used with another body, or a twin is still being worked on. */
export type OnceRefusal = { readonly code: 'idempotency_conflict' } | { readonly code: 'idempotency_in_progress' }

/** An answer as it was first given, as JSON text. */
export type OnceAnswer = { readonly answer: string; readonly isReplay: boolean }

/** How long a request waits for a twin in flight (api.md, Idempotency). */
const PATIENCE = "SET LOCAL lock_timeout = '5s'"
const NO_LIMIT = 'SET LOCAL lock_timeout = 0'
const CLAIM = `INSERT INTO idempotency_record (mode, route, key, body_hash, answer, created_at) VALUES ($1, $2, $3, $4, '', $5)
  ON CONFLICT DO NOTHING RETURNING key`
const READ = 'SELECT body_hash, answer FROM idempotency_record WHERE mode = $1 AND route = $2 AND key = $3'
const ANSWER = 'UPDATE idempotency_record SET answer = $4 WHERE mode = $1 AND route = $2 AND key = $3'

/**
 * Does some work once per key, in one transaction with the record of its answer (JSON text). A twin in flight is waited for. A
 * refusal undoes everything and frees the key: only what wrote something is remembered. The work locks after the key is claimed.
 */
export async function doOnce<Failure>(
  once: OnceKey,
  now: Date,
  work: (tx: Tx) => Promise<Result<string, Failure>>,
): Promise<Result<OnceAnswer, Failure | OnceRefusal>> {
  try {
    return await inTransaction(async (tx) => {
      const known = await claim(tx, once, now)
      if (known !== null) return known
      const done = await work(tx)
      if (!done.ok) throw new Undone(done.error)
      await tx.query(ANSWER, [once.mode, once.route, once.key, done.value])
      return ok({ answer: done.value, isReplay: false })
    })
  } catch (error) {
    if (error instanceof Undone) return err(error.failure as Failure)
    if (error instanceof pg.DatabaseError && error.code === LOCK_TIMEOUT) {
      return err({ code: 'idempotency_in_progress' })
    }
    throw error
  }
}

/** Requests that were done once together, under locks that their twins wait for too: what was answered before, by key. */
const READ_MANY = `SELECT mode, route, key, body_hash, answer, created_at FROM idempotency_record
  WHERE (mode, route, key) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))`
const ADD_MANY = `INSERT INTO idempotency_record (mode, route, key, body_hash, answer, created_at)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])`

/** A remembered answer and what it was an answer to. */
export type Remembered = OnceKey & { readonly answer: string; readonly createdAt: Date }

/**
 * What was answered before to any of these requests. Call it under the lock that twins of them wait for, so that none is decided twice;
 * two requests with one key that wait for different locks meet in `rememberAnswers`.
 */
export async function recallAnswers(tx: Tx, keys: readonly OnceKey[]): Promise<readonly Remembered[]> {
  if (keys.length === 0) return []
  return (await tx.query(READ_MANY, placesOf(keys))).map((row) => ({
    mode: row['mode'] as Mode,
    route: row['route'] as string,
    key: row['key'] as string,
    bodyHash: row['body_hash'] as string,
    answer: row['answer'] as string,
    createdAt: row['created_at'] as Date,
  }))
}

/** Remembers answers in the transaction of what they are about. Throws when a key was taken meanwhile: nothing is kept then. */
export async function rememberAnswers(tx: Tx, answers: readonly Remembered[]): Promise<void> {
  if (answers.length === 0) return
  const hashes = answers.map(({ bodyHash }) => bodyHash)
  const texts = answers.map(({ answer }) => answer)
  await tx.query(ADD_MANY, [...placesOf(answers), hashes, texts, answers.map(({ createdAt }) => createdAt)])
}

/** A text that names a request that is to be done once. */
export function onceName({ mode, route, key }: Pick<OnceKey, 'mode' | 'route' | 'key'>): string {
  return [mode, route, key].join('\n')
}

function placesOf(keys: readonly OnceKey[]): readonly string[][] {
  return [keys.map(({ mode }) => mode), keys.map(({ route }) => route), keys.map(({ key }) => key)]
}

const LOCK_TIMEOUT = '55P03'

/** Carries a refusal out of the transaction, which rolls back because it is thrown. */
class Undone extends Error {
  override readonly name = 'Undone'
  constructor(readonly failure: unknown) {
    super('refused, so nothing is kept')
  }
}

/** Takes the key, or answers what was done with it before. The insert waits for a twin's transaction to end. */
async function claim(tx: Tx, once: OnceKey, now: Date): Promise<Result<OnceAnswer, OnceRefusal> | null> {
  const { mode, route, key, bodyHash } = once
  await tx.query(PATIENCE)
  const claimed = await tx.query(CLAIM, [mode, route, key, bodyHash, now])
  await tx.query(NO_LIMIT)
  if (claimed.length === 1) return null
  const [row] = await tx.query(READ, [mode, route, key])
  if (row === undefined) return err({ code: 'idempotency_in_progress' })
  if (row['body_hash'] !== bodyHash) return err({ code: 'idempotency_conflict' })
  return ok({ answer: row['answer'] as string, isReplay: true })
}
