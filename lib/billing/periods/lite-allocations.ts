import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import {
  findLiteDue,
  listLiteDue,
  listMembersDue,
  lockMember,
  setLiteDue,
  type AccountMember,
} from '@/lib/db/account-members'
import { readAccountPlan, type AccountPlan } from '@/lib/db/account-plans'
import { announceBalance } from '@/lib/db/announce'
import { inTransaction, type Tx } from '@/lib/db/pool'
import type { Amount } from '@/lib/money/amount'
import { cents } from '@/lib/money/cents'
import { periodOf } from '@/lib/usage/rules/period'

import { awardPeriods } from './award-periods'
import type { DueSource } from '@/lib/schedule/due-contract'
import { firstLookAt, horizonOf, LOOK_AHEAD_MS, missingOfOneAsset } from '../rules/period-awards'

const MEMBERS_AT_ONCE = 500
/** Lite months are calendar months in the account's time zone. */
const FIRST_OF_MONTH = 1

/** Grants each Lite member's allocation on the 1st of the month. */
export const liteAllocations: DueSource = {
  name: 'lite allocations',
  nextDue: async (accountId) => {
    const { dueAt, clockAt } = await findLiteDue(accountId)
    return dueAt === null ? null : firstLookAt(dueAt, clockAt)
  },
  work: async (actor, accountId, at) => {
    const { clockAt } = await readAccountPlan(accountId)
    const horizon = horizonOf(at, clockAt)
    for (;;) {
      const due = await listMembersDue(accountId, horizon, MEMBERS_AT_ONCE)
      for (const id of due) await inTransaction((tx) => workMember(tx, actor, accountId, id, at))
      if (due.length > 0) announceBalance(accountId)
      if (due.length < MEMBERS_AT_ONCE) return
    }
  },
  dueAccounts: (until, limit) => listLiteDue(new Date(until.getTime() + LOOK_AHEAD_MS), limit),
}

async function workMember(tx: Tx, actor: Actor, accountId: string, id: string, at: Date): Promise<void> {
  const member = await lockMember(tx, accountId, id)
  await grantAllocation(tx, actor, await readAccountPlan(accountId, tx), member, at)
}

/** Grants what a member's allocation gives and was not granted yet, and notes when to look again. The member is locked. */
export async function grantAllocation(
  tx: Tx,
  actor: Actor,
  account: AccountPlan,
  { id, seat, lite }: AccountMember,
  at: Date,
): Promise<void> {
  const entitled = new Map<string, Amount>(seat === 'lite' && lite !== null ? [[lite.asset, lite.amount]] : [])
  const nextAt = await awardPeriods(tx, {
    account,
    owner: { source: 'lite', subject: id },
    memberId: id,
    terms: {
      spanAt: (instant) => periodOf(instant, account.timeZone, FIRST_OF_MONTH, 'month'),
      nextStart: () => null,
      entitled,
      missing: missingOfOneAsset,
    },
    purpose: 'Monthly allocation',
    costBasisCents: cents(0n),
    actor,
    at,
  })
  await setLiteDue(tx, account.id, id, nextAt)
}
