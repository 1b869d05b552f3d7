import type { Actor } from '@/lib/auth/rules/actor'
import { systemClock } from '@/lib/clock'
import type { Account } from '@/lib/db/organizations'
import { inTransaction, query } from '@/lib/db/pool'
import { createApiKey } from '@/lib/organizations/create-api-key'
import { ensureAccount } from '@/lib/organizations/ensure-account'
import { valueOf } from '@/lib/testing/ledger'
import { definePrice, giveCredit } from '@/lib/testing/ledger-factory'

import { METER, UNIT_PRICE } from './sample-event'

/** The operator's backend. */
export const BACKEND = {
  kind: 'key',
  keyId: '01930000-0000-7000-8000-000000000001',
  mode: 'test',
} as const satisfies Actor

const MANY_WALLETS = 1_000
const GRANTS_OF_HOT_WALLET = 3
/** Enough that no benchmark runs out of it. */
const CREDITS = '1000000000'
const LIMIT = 9_000_000_000_000_000_000n

const MAKE_PLAN = `INSERT INTO plan (mode, key, name, monthly_price_cents, allowances, entitlements)
  VALUES ('test', 'bench', 'Bench', 0, $1, '[]')`
const JOIN_PLAN = `UPDATE billing_account SET plan_key = 'bench', plan_anchor_day = 1, plan_since = $2, terms_version = terms_version + 1
  WHERE id = ANY($1)`
const ADD_LIMIT = `INSERT INTO spend_limit (account_id, id, scope, asset_code, amount, period, mode, created_at, updated_at)
  SELECT account_id, 'month', 'organization', 'credit', $2, 'month', 'block', $3, $3 FROM unnest($1::uuid[]) AS account (account_id)`

/** The accounts that are measured on. */
export type Accounts = { readonly hot: Account; readonly many: readonly Account[] }

/** Puts the meter on the price list and makes the accounts, with credits, a plan and a spend limit. Answers them and a secret key of the API. */
export async function buildWorld(): Promise<{ readonly accounts: Accounts; readonly key: string }> {
  await definePrice({ key: METER, name: 'Calls', unit: 'count' }, { model: 'per_unit', unit_price: UNIT_PRICE })
  const hot = await makeAccount('hot', GRANTS_OF_HOT_WALLET)
  const many: Account[] = []
  for (let number = 0; number < MANY_WALLETS; number += 1) many.push(await makeAccount(`many-${number}`, 1))
  await addTerms([hot, ...many])
  const key = valueOf(await createApiKey({ kind: 'job', task: 'bench' }, { mode: 'test', name: 'bench' }, systemClock))
  return { accounts: { hot, many }, key: key.secret }
}

/** A plan whose allowance is soon used up, and a spend limit that is never reached: both are read, decided by and counted for every event. */
async function addTerms(accounts: readonly Account[]): Promise<void> {
  const ids = accounts.map(({ id }) => id)
  const at = new Date()
  await query(MAKE_PLAN, [JSON.stringify([{ meter: METER, quantity: '100' }])])
  await query(JOIN_PLAN, [ids, at])
  await query(ADD_LIMIT, [ids, LIMIT, at])
}

/** An account in test mode with some grants of a billion credits each, given at an instant. */
export async function makeAccount(name: string, grants: number, at = new Date()): Promise<Account> {
  const details = { externalId: `bench-${name}`, name: `Bench ${name}`, email: 'bench@test.dev', timeZone: 'UTC' }
  const { account } = await inTransaction((tx) => ensureAccount(tx, 'test', details, at))
  for (let number = 0; number < grants; number += 1) await giveCredit(account.id, { amount: CREDITS, at })
  return account
}
