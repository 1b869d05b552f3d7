import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { lockAccountPlan, type AccountPlan } from '@/lib/db/account-plans'
import { announceBalance } from '@/lib/db/announce'
import { findContract, findContractDue, listContractsDue, setContractDue, type Contract } from '@/lib/db/contracts'
import { inTransaction, type Tx } from '@/lib/db/pool'

import { awardPeriods } from './award-periods'
import type { DueSource } from '@/lib/schedule/due-contract'
import { contractSpan, contractYearOf } from '../rules/contract-year'
import { firstLookAt, LOOK_AHEAD_MS, missingOnce } from '../rules/period-awards'

/** Grants the package of each contract year. */
export const contractPackages: DueSource = {
  name: 'contract packages',
  nextDue: async (accountId) => {
    const { dueAt, clockAt } = await findContractDue(accountId)
    return dueAt === null ? null : firstLookAt(dueAt, clockAt)
  },
  work: async (actor, accountId, at) => {
    await inTransaction(async (tx) => {
      const account = await lockAccountPlan(tx, accountId)
      const contract = await findContract(accountId, tx)
      if (contract !== null) await grantPackage(tx, actor, account, contract, at)
    })
    announceBalance(accountId)
  },
  dueAccounts: (until, limit) => listContractsDue(new Date(until.getTime() + LOOK_AHEAD_MS), limit),
}

/** Years of a contract are of the account, whichever contract it is: one follows another, they never overlap. */
export const CONTRACT_OWNER = { source: 'contract', subject: '' } as const

/** Grants the package of the contract year that runs unless it was granted, and notes when to look again. The account is locked. */
export async function grantPackage(
  tx: Tx,
  actor: Actor,
  account: AccountPlan,
  contract: Contract,
  at: Date,
): Promise<void> {
  const { start } = contractSpan(contract, account.timeZone)
  const nextAt = await awardPeriods(tx, {
    account,
    owner: CONTRACT_OWNER,
    memberId: null,
    terms: {
      spanAt: (instant) => contractYearOf(contract, account.timeZone, instant),
      nextStart: (instant) => (instant < start ? start : null),
      entitled: new Map([[contract.packageAsset, contract.packageAmount]]),
      missing: missingOnce,
    },
    purpose: 'Contract package',
    costBasisCents: contract.priceCents,
    actor,
    at,
  })
  await setContractDue(tx, account.id, nextAt)
}
