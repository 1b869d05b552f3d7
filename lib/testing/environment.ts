import { vi } from 'vitest'

import { createTestDatabase, type TestDatabase } from './database'

const SETTINGS = {
  NODE_ENV: 'test',
  DATABASE_POOL_SIZE: '8',
  APP_URL: 'http://localhost:3000',
  AUTH_SECRET: 'a secret of tests, long enough to pass',
  STRIPE_SECRET_KEY: 'sk_test_purser_tests',
  STRIPE_WEBHOOK_SECRET: 'whsec_tests',
  STRIPE_API_BASE: 'http://127.0.0.1:9',
  LOG_LEVEL: 'silent',
}

/**
 * Makes a database of the test file's own and sets this process's environment to it, so that `env()` and `pool()` lead there.
 * Call it once, in `beforeAll`, before anything reads the environment. `prepare` starts what else the tests need and answers
 * settings that win. `drop` closes the pool first.
 */
export async function openTestDatabase(
  prepare: (database: TestDatabase) => Promise<Readonly<Record<string, string>>> = () => Promise.resolve({}),
): Promise<TestDatabase> {
  const database = await createTestDatabase()
  const environment = { ...SETTINGS, ...(await prepare(database)), DATABASE_URL: database.url }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const { env } = await import('@/lib/env')
  if (env().DATABASE_URL !== database.url)
    throw new Error('The environment was read before the test database was made.')
  return {
    url: database.url,
    drop: async () => {
      const { closePool } = await import('@/lib/db/pool')
      await closePool()
      await database.drop()
    },
  }
}
