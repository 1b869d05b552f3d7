import { setTimeout as pause } from 'node:timers/promises'

import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

import type { Actor } from '@/lib/auth/rules/actor'
import * as keys from '@/lib/db/api-keys'
import { query } from '@/lib/db/pool'
import { movableClock } from '@/lib/testing/clock'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'

import { authenticateApiKey, stopApiKeyListening } from './authenticate-api-key'
import { createApiKey } from './create-api-key'
import { listApiKeys } from './list-api-keys'
import { revokeApiKey } from './revoke-api-key'

const JOB: Actor = { kind: 'job', task: 'launch' }
const unauthenticated = { ok: false, error: { code: 'unauthenticated' } }
const clock = movableClock()
let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterEach(() => stopApiKeyListening())
afterAll(() => database.drop())

async function makeKey(mode: 'live' | 'test' = 'test') {
  const made = await createApiKey(JOB, { mode, name: 'backend' }, clock)
  if (!made.ok) throw new Error('The key could not be made.')
  return made.value
}

/** Waits for a condition, at most five seconds. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await condition()); waited += 20) {
    if (waited > 5_000) throw new Error('The condition did not come true in 5 s.')
    await pause(20)
  }
}

/** One statement of another process, with a connection of its own. */
async function elsewhere(sql: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query(sql, [...values])).rows
  } finally {
    await client.end()
  }
}

const EARS = `FROM pg_stat_activity WHERE application_name = 'purser-listen' AND query LIKE 'LISTEN%' AND datname = current_database()`
const isListening = async () => (await elsewhere(`SELECT pid ${EARS}`)).length === 1

describe('API keys', () => {
  it('act in their mode, are shown once and stored as a hash', async () => {
    const { key, secret } = await makeKey('live')
    expect(secret).toMatch(/^sk_live_[0-9A-Za-z]{43}$/)
    expect(await authenticateApiKey(secret, clock)).toMatchObject({ ok: true, value: { kind: 'key', mode: 'live' } })
    const listed = await listApiKeys(JOB)
    expect(listed.ok && listed.value.some(({ id, prefix }) => id === key.id && secret.startsWith(prefix))).toBe(true)
    expect(JSON.stringify([listed, await query('SELECT name, prefix, secret_hash FROM api_key')])).not.toContain(secret)
  })

  it.each([
    '',
    'sk_test_',
    `sk_test_${'a'.repeat(43)}`,
    `sk_test_${'\u0000'.repeat(43)}`,
    `sk_live_${'a'.repeat(100_000)}`,
    "sk_test_' OR 1=1 --",
  ])('are never the hostile secret %j', async (secret) => {
    expect(await authenticateApiKey(secret, clock)).toEqual(unauthenticated)
  })

  it('do not change their mode with their prefix', async () => {
    const { secret } = await makeKey('test')
    expect(await authenticateApiKey(secret.replace('sk_test_', 'sk_live_'), clock)).toEqual(unauthenticated)
  })

  it('refuse members and keys that manage them, and bad input', async () => {
    const owner: Actor = { kind: 'user', userId: 'u', organizationId: 'o', role: 'owner', seat: 'pro' }
    for (const actor of [owner, { kind: 'key', keyId: 'k', mode: 'test' }] as const) {
      expect(await createApiKey(actor, { mode: 'test', name: 'x' }, clock)).toMatchObject({
        error: { code: 'forbidden' },
      })
      expect(await listApiKeys(actor)).toMatchObject({ error: { code: 'forbidden' } })
      expect(await revokeApiKey(actor, { keyId: 'key_x' }, clock)).toMatchObject({ error: { code: 'forbidden' } })
    }
    expect(await createApiKey(JOB, { mode: 'test', name: ' ' }, clock)).toMatchObject({
      error: { code: 'invalid_input' },
    })
    expect(await revokeApiKey(JOB, { keyId: 'key_x' }, clock)).toMatchObject({ error: { code: 'not_found' } })
  })

  it('are looked up once in ten seconds', async () => {
    const own = movableClock()
    const lookUp = vi.spyOn(keys, 'findUsableApiKey')
    const { secret } = await makeKey()
    for (let request = 0; request < 5; request += 1) await authenticateApiKey(secret, own)
    expect(lookUp).toHaveBeenCalledTimes(1)
    own.advance(10_000)
    await authenticateApiKey(secret, own)
    expect(lookUp).toHaveBeenCalledTimes(2)
  })

  it('revoked by another process stop working here without a wait for the cache to end', async () => {
    const { key, secret } = await makeKey()
    await authenticateApiKey(secret, clock)
    await until(isListening)
    expect(await authenticateApiKey(secret, clock)).toMatchObject({ ok: true })

    const revoke = `UPDATE api_key SET revoked_at = now() WHERE prefix = $1 AND revoked_at IS NULL RETURNING id`
    const [revoked] = await elsewhere(revoke, [key.prefix])
    expect(await authenticateApiKey(secret, clock)).toMatchObject({ ok: true })
    await elsewhere(`SELECT pg_notify($1, $2)`, [keys.API_KEY_CHANNEL, revoked?.['id']])
    await until(async () => !(await authenticateApiKey(secret, clock)).ok)
  })

  it('revoked here stop working here, and stay revoked when it is asked again', async () => {
    const { key, secret } = await makeKey()
    await authenticateApiKey(secret, clock)
    await until(isListening)
    const first = await revokeApiKey(JOB, { keyId: key.id }, clock)
    const later = movableClock('2027-01-01T00:00:00Z')
    expect(await revokeApiKey(JOB, { keyId: key.id }, later)).toEqual(first)
    await until(async () => !(await authenticateApiKey(secret, clock)).ok)
  })

  it('are trusted no longer when the process has lost its ear', async () => {
    const { secret } = await makeKey()
    await authenticateApiKey(secret, clock)
    await until(isListening)
    const lookUp = vi.spyOn(keys, 'findUsableApiKey')
    await elsewhere(`SELECT pg_terminate_backend(pid) ${EARS}`)
    await until(async () => {
      await authenticateApiKey(secret, clock)
      return lookUp.mock.calls.length > 0
    })
  })

  it('note their use at most once a minute', async () => {
    const own = movableClock()
    const { secret, key } = await makeKey()
    const noted = vi.spyOn(keys, 'noteApiKeyUsed')
    const lastUsed = async () => {
      const listed = await listApiKeys(JOB)
      return listed.ok ? listed.value.find(({ id }) => id === key.id)?.lastUsedAt : undefined
    }
    const start = own.now().toISOString()
    for (let request = 0; request < 5; request += 1) await authenticateApiKey(secret, own)
    expect(noted).toHaveBeenCalledTimes(1)
    await until(async () => (await lastUsed()) === start)
    own.advance(60_000)
    await authenticateApiKey(secret, own)
    await until(async () => (await lastUsed()) === own.now().toISOString())
    expect(noted).toHaveBeenCalledTimes(2)
  })
})
