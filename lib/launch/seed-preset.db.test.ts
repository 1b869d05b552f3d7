import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { query } from '@/lib/db/pool'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { PRESETS } from '@/prisma/presets/presets'

const ROOT = path.resolve(import.meta.dirname, '../..')
const COMMAND = ['--conditions=react-server', '--import', 'tsx', 'lib/launch/seed-preset.ts']
const run = promisify(execFile)

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.drop())

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** Runs the command to its end, in an environment with nothing but what an installation needs. */
async function seed(...args: readonly string[]): Promise<Ended> {
  const env = {
    PATH: path.dirname(process.execPath),
    NODE_ENV: 'test' as const,
    DATABASE_URL: database.url,
    APP_URL: 'http://localhost:3000',
    AUTH_SECRET: 'a secret of tests, long enough to pass',
    STRIPE_SECRET_KEY: 'sk_test_purser_tests',
    STRIPE_WEBHOOK_SECRET: 'whsec_tests',
    LOG_LEVEL: 'silent',
  }
  try {
    return { code: 0, ...(await run(process.execPath, [...COMMAND, ...args], { cwd: ROOT, env })) }
  } catch (error) {
    return error as Ended
  }
}

const COUNTS = `SELECT (SELECT count(*) FROM entry) AS entries, (SELECT count(*) FROM price) AS prices,
  (SELECT count(*) FROM usage_event) AS events, (SELECT count(*) FROM credit_grant) AS grants,
  (SELECT count(*) FROM billing_account) AS accounts, (SELECT count(*) FROM api_key) AS keys,
  (SELECT policy FROM operator_setting) AS policy`

describe('npm run db:seed', () => {
  it.each([[['--preset', 'nothing-like-it']], [['--prest', 'rule-runs']]])(
    'with %j lists the five presets, and changes nothing',
    async (args) => {
      const { code, stderr } = await seed(...args)
      expect(code).toBe(1)
      for (const name of PRESETS.keys()) expect(stderr).toContain(name)
      expect(await query(COUNTS, [])).toMatchObject([{ accounts: 0n, prices: 0n, keys: 0n }])
    },
  )

  it('sets a preset up, says what there is and how to go on, and again changes nothing', async () => {
    const { code, stdout, stderr } = await seed('--preset', 'rule-runs')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('Organization sample-rule-runs: Northwind Rules, on plan rules-team, 2 members')
    expect(stdout).toMatch(/Test API key, shown this once: sk_test_\w+/)
    expect(stdout).toContain('/api/v1/organizations/sample-rule-runs/balance')
    const before = await query(COUNTS, [])
    expect(before).toMatchObject([{ keys: 1n, accounts: 1n, events: 5n }])
    const again = await seed('--preset', 'rule-runs')
    expect([again.code, again.stdout.includes('was shown when it was made')]).toEqual([0, true])
    expect(await query(COUNTS, [])).toEqual(before)
  })

  it('says what stands in the way when the price of a meter is another one', async () => {
    await query(
      `UPDATE price SET definition = jsonb_set(definition, '{package_size}', '"50"') WHERE meter_key = 'rule_run'`,
      [],
    )
    const { code, stderr } = await seed('--preset', 'rule-runs')
    expect(code).toBe(1)
    expect(stderr).toContain('rule_run has another price from 2026-01-01T00:00:00.000Z')
  })
})
