import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { findAccountNamed } from '@/lib/db/account-names'
import { readCatalogue } from '@/lib/db/catalogue'
import { findContract, type Contract } from '@/lib/db/contracts'
import { showId } from '@/lib/db/ids'
import type { Account } from '@/lib/db/organizations'
import { readPeriodGrants } from '@/lib/db/period-grants'
import { query } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { amount, formatAmount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'
import type { PeriodSpan } from '@/lib/usage/rules/period'

import { CONTRACT_OWNER } from './contract-packages'
import type { ContractAnswer } from '../package-contract'
import { contractSpan, contractYearOf } from '../rules/contract-year'

type KeyActor = Extract<Actor, { kind: 'key' }>

/** The contract of an organization: the one that runs, or else the last. Errors: not_found (organization, contract). */
export async function readContractTerms(
  actor: KeyActor,
  organization: string,
  clock: Clock,
): Promise<Result<ContractAnswer, PurserError>> {
  const account = await findAccountNamed(actor.mode, organization)
  if (account === null || !can(actor, 'organizations:read', account)) {
    return err({ code: 'not_found', what: 'organization' })
  }
  const contract = await findContract(account.id)
  if (contract === null) return err({ code: 'not_found', what: 'contract' })
  return ok(await describeContract(account, contract, accountClock(account, clock).now()))
}

/** A contract as it is answered at an instant, with what was granted for the year that runs. */
export async function describeContract(
  { id, organizationId, mode, timeZone }: Account,
  contract: Contract,
  at: Date,
): Promise<ContractAnswer> {
  const asset = (await readCatalogue(mode)).assets.get(contract.packageAsset)
  if (asset === undefined) throw new Error(`asset ${contract.packageAsset} is not in the catalogue`)
  const { start, end } = contractSpan(contract, timeZone)
  const year = contractYearOf(contract, timeZone, at)
  return {
    organization: showId('org', organizationId),
    starts_on: contract.startsOn,
    ends_on: contract.endsOn,
    package: { asset: asset.code, amount: formatAmount(contract.packageAmount, asset.scale) },
    price_cents: parseInt(contract.priceCents.toString(), 10),
    status: at < start ? 'upcoming' : at < end ? 'running' : 'ended',
    ends_at: end.toISOString(),
    year: year === null ? null : await describeYear(id, year, at, asset),
    next_package_at: nextPackageAt({ start, end }, year, at)?.toISOString() ?? null,
  }
}

async function describeYear(
  accountId: string,
  { start, end }: PeriodSpan,
  at: Date,
  { code, scale }: { readonly code: string; readonly scale: number },
): Promise<ContractAnswer['year']> {
  const given = (await readPeriodGrants({ query }, accountId, CONTRACT_OWNER, start)).filter(
    (period) => period.start <= at && period.assetCode === code && (period.end > at || period.start >= start),
  )
  const granted = amount(given.reduce((sum, period) => sum + period.granted, 0n))
  return { from: start.toISOString(), to: end.toISOString(), granted: formatAmount(granted, scale) }
}

function nextPackageAt({ start, end }: PeriodSpan, year: PeriodSpan | null, at: Date): Date | null {
  if (at < start) return start
  return year !== null && year.end < end ? year.end : null
}
