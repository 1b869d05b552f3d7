import type { Actor } from '@/lib/auth/rules/actor'
import { systemClock } from '@/lib/clock'
import type { Account } from '@/lib/db/organizations'
import { inTransaction } from '@/lib/db/pool'
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

/** The accounts that are measured on. */
export type Accounts = { readonly hot: Account; readonly many: readonly Account[] }

/** Puts the meter on the price list and makes the accounts, with credits. Answers them and a secret key of the API. */
export async function buildWorld(): Promise<{ readonly accounts: Accounts; readonly key: string }> {
  await definePrice({ key: METER, name: 'Calls', unit: 'count' }, { model: 'per_unit', unit_price: UNIT_PRICE })
  const hot = await makeAccount('hot', GRANTS_OF_HOT_WALLET)
  const many: Account[] = []
  for (let number = 0; number < MANY_WALLETS; number += 1) many.push(await makeAccount(`many-${number}`, 1))
  const key = valueOf(await createApiKey({ kind: 'job', task: 'bench' }, { mode: 'test', name: 'bench' }, systemClock))
  return { accounts: { hot, many }, key: key.secret }
}

/** An account in test mode with some grants of a billion credits each, given at an instant. */
export async function makeAccount(name: string, grants: number, at = new Date()): Promise<Account> {
  const details = { externalId: `bench-${name}`, name: `Bench ${name}`, email: 'bench@test.dev', timeZone: 'UTC' }
  const { account } = await inTransaction((tx) => ensureAccount(tx, 'test', details, at))
  for (let number = 0; number < grants; number += 1) await giveCredit(account.id, { amount: CREDITS, at })
  return account
}
