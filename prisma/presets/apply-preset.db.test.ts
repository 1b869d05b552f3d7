import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { systemClock } from '@/lib/clock'
import { writeOperatorPolicy } from '@/lib/db/organizations'
import { query } from '@/lib/db/pool'
import { adoptOperatorPolicy } from '@/lib/organizations/adopt-operator-policy'
import { findAccountBreaches } from '@/lib/testing/account-proof'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'

import { applyPreset } from './apply-preset'
import { PRESETS } from './presets'

const KEY = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' } as const
const DAY_MS = 86_400_000

let database: TestDatabase
const since = new Date()

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.drop())

async function applyAll(now = since): Promise<void> {
  for (const [name, preset] of PRESETS) {
    await applyPreset({ key: KEY, name, since, clock: { now: () => now } }, preset)
  }
}

/** Every row that a preset could have written, but for when it was looked at last. */
async function everything() {
  const tables = ['entry', 'allocation', 'credit_grant', 'usage_event', 'price', 'plan', 'meter', 'asset', 'contract']
  const rows = await Promise.all(
    tables.map((table) => query(`SELECT to_jsonb(t) - 'updated_at' AS row FROM ${table} t ORDER BY to_jsonb(t)`, [])),
  )
  const others = `SELECT external_id, policy, plan_key, plan_anchor_day FROM billing_account ORDER BY external_id`
  return [rows, await query(others, []), await query('SELECT policy FROM operator_setting', [])]
}

describe('presets', () => {
  it('stand side by side, each customer with the terms of its own business, and every book is sound', async () => {
    await applyAll()
    const accounts = await query(`SELECT id, external_id, policy FROM billing_account ORDER BY external_id`, [])
    expect(accounts.map((row) => row['external_id'])).toEqual([
      'sample-compute-seconds',
      'sample-compute-volume',
      'sample-enterprise-pool',
      'sample-gpu-hours',
      'sample-rule-runs',
      'sample-wallet-api',
    ])
    for (const row of accounts) expect(await findAccountBreaches(row['id'] as string, new Date())).toEqual([])
    const policies = new Map(accounts.map((row) => [row['external_id'], row['policy']]))
    expect(policies.get('sample-rule-runs')).toEqual({})
    expect(policies.get('sample-gpu-hours')).toMatchObject({ at_zero: 'pause_runs', credits_per_usd: '100' })
    expect(policies.get('sample-compute-volume')).toMatchObject({ at_zero: 'overdraft', overdraft_limit: '5000' })
  })

  it('change nothing when they are set up again: at once, at the same time, or months later', async () => {
    await applyAll()
    const before = await everything()
    await applyAll()
    await Promise.all([applyAll(), applyAll()])
    expect(await everything()).toEqual(before)
    await applyAll(new Date(since.getTime() + 2 * DAY_MS))
    expect(await everything()).toEqual(before)
  })

  it('never overwrite what an operator has set', async () => {
    await writeOperatorPolicy({ minimum_purchase_cents: 777 }, since)
    await applyAll()
    expect(await query('SELECT policy FROM operator_setting', [])).toEqual([
      { policy: { minimum_purchase_cents: 777 } },
    ])
    const [sample] = await query(`SELECT policy FROM billing_account WHERE external_id = 'sample-rule-runs'`, [])
    expect(sample).toMatchObject({ policy: { minimum_purchase_cents: 500, display_decimals: 0 } })
  })

  it('are not for a key or a member to make the settings of an installation', async () => {
    expect(await adoptOperatorPolicy(KEY, {}, systemClock)).toEqual({ ok: false, error: { code: 'forbidden' } })
  })
})
