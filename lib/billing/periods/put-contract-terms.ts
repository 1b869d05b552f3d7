import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { findAccountNamed } from '@/lib/db/account-names'
import { lockAccountPlan } from '@/lib/db/account-plans'
import { announceBalance } from '@/lib/db/announce'
import { readCatalogue } from '@/lib/db/catalogue'
import { findContract, putContract, type Contract } from '@/lib/db/contracts'
import { inTransaction, type Tx } from '@/lib/db/pool'
import { invalidField, type PurserError } from '@/lib/errors'
import { cents } from '@/lib/money/cents'
import { err, ok, type Result } from '@/lib/result'
import { localDay } from '@/lib/usage/rules/period'

import { grantPackage } from './contract-packages'
import type { ContractAnswer, ContractInput } from '../package-contract'
import { describeContract } from './read-contract-terms'
import { admitContract } from '../rules/admit-contract'
import { readEntitlement } from '../rules/read-plan'

type KeyActor = Extract<Actor, { kind: 'key' }>

/**
 * Gives an organization a contract, or changes it: the package of the year that runs is granted at once, once. What was granted for a year
 * that has begun stays as it is; a change counts for the years to come. The same call again changes nothing. Locks the account, then the
 * wallet. Errors: not_found, forbidden, invalid_input (`starts_on`, `ends_on`, `package.asset`, `package.amount`).
 */
export async function putContractTerms(
  actor: KeyActor,
  organization: string,
  input: ContractInput,
  clock: Clock,
): Promise<Result<ContractAnswer, PurserError>> {
  const account = await findAccountNamed(actor.mode, organization)
  if (account === null) return err({ code: 'not_found', what: 'organization' })
  if (!can(actor, 'policy:manage', account)) return err({ code: 'forbidden' })
  const put = await inTransaction((tx) => write(tx, actor, account.id, input, clock))
  if (!put.ok) return put
  announceBalance(account.id)
  return ok(await describeContract(account, put.value, accountClock(account, clock).now()))
}

async function write(
  tx: Tx,
  actor: KeyActor,
  accountId: string,
  { starts_on: startsOn, ends_on: endsOn, package: asked, price_cents }: ContractInput,
  clock: Clock,
): Promise<Result<Contract, PurserError>> {
  const account = await lockAccountPlan(tx, accountId)
  const at = accountClock(account, clock).now()
  const before = await findContract(accountId, tx)
  const admitted = admitContract({ startsOn, endsOn }, before, localDay(at, account.timeZone))
  if (!admitted.ok) return err(invalidField(admitted.error.path, admitted.error.message))
  const read = readEntitlement(asked, await readCatalogue(account.mode, tx))
  if (!read.ok) return err(invalidField(`package.${read.error.path}`, read.error.message))
  const contract = {
    startsOn,
    endsOn,
    packageAsset: asked.asset,
    packageAmount: read.value.amount,
    priceCents: cents(BigInt(price_cents)),
  }
  await putContract(tx, accountId, contract, at)
  await grantPackage(tx, actor, account, contract, at)
  return ok(contract)
}
