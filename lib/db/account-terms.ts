import 'server-only'

import type { Mode } from '@/lib/auth/rules/actor'
import { cutoverOf } from '@/lib/billing/rules/postpaid'
import type { RechargeTerms } from '@/lib/billing/rules/recharge'
import { amount } from '@/lib/money/amount'
import type { Quantity } from '@/lib/money/quantity'
import {
  effectivePolicy,
  policyValues,
  type Policy,
  type PolicyOverride,
} from '@/lib/organizations/rules/effective-policy'
import type { LimitTerms } from '@/lib/usage/rules/limits'

import { readQuantity } from './numeric'
import { query, type Row, type Tx } from './pool'

/** What an account's plan covers each period before credits are touched. */
export type PlanTerms = {
  readonly key: string
  /** The day of the month on which its periods begin. */
  readonly anchorDay: number
  readonly allowances: ReadonlyMap<string, Quantity>
}

/** Everything besides money that decides about the usage of a billing account. */
export type AccountTerms = {
  readonly accountId: string
  readonly organizationId: string
  readonly mode: Mode
  readonly timeZone: string
  readonly anchorDay: number
  /** Where its test clock stands; null: real time. */
  readonly clockAt: Date | null
  readonly policy: Policy
  readonly plan: PlanTerms | null
  readonly limits: readonly LimitTerms[]
  /** What makes a debit call for a recharge; null unless auto-recharge is on and armed (see `isRechargeDue`). */
  readonly recharge: RechargeTerms | null
  /** Whether any member has a Lite seat, so that usage may have to be paid from a wallet of their own. */
  readonly hasLiteMembers: boolean
}

const VERSIONS = 'SELECT id, terms_version FROM billing_account WHERE id = ANY($1)'
const TERMS = `SELECT a.id, a.organization_id, a.mode, a.time_zone, a.anchor_day, a.clock_at, a.policy, a.terms_version, a.created_at,
    a.plan_key, a.plan_anchor_day, p.allowances, o.policy AS operator_policy,
    EXISTS (SELECT FROM account_member m WHERE m.account_id = a.id AND m.seat = 'lite') AS has_lite
  FROM billing_account a LEFT JOIN plan p ON p.mode = a.mode AND p.key = a.plan_key LEFT JOIN operator_setting o ON o.id = 1
  WHERE a.id = ANY($1)`
const LIMITS = `SELECT account_id, id, scope, subject, asset_code, amount, period, mode FROM spend_limit
  WHERE account_id = ANY($1) ORDER BY account_id, id`
const ARMED = `SELECT r.account_id, r.asset_code, r.threshold, c.invoiced_until FROM recharge r LEFT JOIN auto_charge c ON c.account_id = r.account_id
  WHERE r.account_id = ANY($1) AND r.enabled AND r.blocked_until IS NULL AND coalesce(c.status, 'armed') = 'armed'`
const LOCK = 'SELECT id FROM billing_account WHERE id = $1 FOR NO KEY UPDATE'
const STALE = 'UPDATE billing_account SET terms_version = terms_version + 1 WHERE id = $1'

const MOST_KEPT = 20_000
const kept = new Map<string, { readonly version: bigint; readonly terms: AccountTerms }>()

/**
 * The terms of some accounts, from memory while their versions still stand. Read them inside the transaction that decides by them: then no
 * usage is decided by a limit or a policy that another process has replaced. Throws when an account does not exist.
 */
export async function readAccountTerms(
  tx: Tx,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, AccountTerms>> {
  const terms = new Map<string, AccountTerms>()
  const stale: string[] = []
  for (const row of await tx.query(VERSIONS, [accountIds])) {
    const id = row['id'] as string
    const known = kept.get(id)
    if (known !== undefined && known.version === row['terms_version']) terms.set(id, known.terms)
    else stale.push(id)
  }
  if (stale.length > 0) await load(tx, stale, terms)
  const missing = accountIds.find((id) => !terms.has(id))
  if (missing !== undefined) throw new Error(`billing account ${missing} does not exist`)
  return terms
}

/** The terms of one account outside any transaction: for pages and jobs that decide nothing by them. */
export async function readTerms(accountId: string): Promise<AccountTerms> {
  const terms = (await readAccountTerms({ query }, [accountId])).get(accountId)
  if (terms === undefined) throw new Error(`billing account ${accountId} has no terms`)
  return terms
}

/**
 * Locks the row of an account until the transaction ends, before anything else of the account: a transaction that may touch the terms takes it
 * first, then a member, the wallets, the automatic charges, the recharge and the payment, so that none waits for another in a circle. Who
 * only spends never takes it.
 */
export async function lockAccountTerms(tx: Tx, accountId: string): Promise<void> {
  await tx.query(LOCK, [accountId])
}

/** Makes what is cached of an account's terms stale once the transaction commits. Locks the account's row: see `lockAccountTerms`. */
export async function touchAccountTerms(tx: Tx, accountId: string): Promise<void> {
  await tx.query(STALE, [accountId])
}

/** Limits and recharge are read after the version that they are kept under: a change between is seen at the next look, never missed. */
async function load(tx: Tx, accountIds: readonly string[], loaded: Map<string, AccountTerms>): Promise<void> {
  const rows = await tx.query(TERMS, [accountIds])
  const limits = await tx.query(LIMITS, [accountIds])
  const armed = await tx.query(ARMED, [accountIds])
  if (kept.size + rows.length > MOST_KEPT) kept.clear()
  for (const row of rows) {
    const id = row['id'] as string
    const own = limits.filter((limit) => limit['account_id'] === id).map(readLimit)
    const recharge = armed.find((each) => each['account_id'] === id)
    const terms = readTermsRow(row, own, recharge)
    loaded.set(id, terms)
    kept.set(id, { version: row['terms_version'] as bigint, terms })
  }
}

function readTermsRow(row: Row, limits: readonly LimitTerms[], armed: Row | undefined): AccountTerms {
  const planKey = row['plan_key'] as string | null
  const sourced = effectivePolicy((row['operator_policy'] ?? {}) as PolicyOverride, row['policy'] as PolicyOverride)
  const policy = policyValues(sourced)
  return {
    accountId: row['id'] as string,
    organizationId: row['organization_id'] as string,
    mode: row['mode'] as Mode,
    timeZone: row['time_zone'] as string,
    anchorDay: row['anchor_day'] as number,
    clockAt: row['clock_at'] as Date | null,
    policy,
    plan:
      planKey === null
        ? null
        : {
            key: planKey,
            anchorDay: (row['plan_anchor_day'] as number | null) ?? (row['anchor_day'] as number),
            allowances: readAllowances(row['allowances'] as readonly StoredAllowance[] | null),
          },
    limits,
    recharge: armed === undefined ? null : readRecharge(armed, policy, row['created_at'] as Date),
    hasLiteMembers: row['has_lite'] as boolean,
  }
}

/** An allowance as api.md writes it, which is how a plan is stored. */
type StoredAllowance = { readonly meter: string; readonly quantity: string }

function readAllowances(stored: readonly StoredAllowance[] | null): ReadonlyMap<string, Quantity> {
  return new Map((stored ?? []).map(({ meter, quantity }) => [meter, readQuantity(quantity)]))
}

/** Null also while usage accrues to be invoiced: until the final invoice is written, nothing is recharged. */
function readRecharge(row: Row, policy: Policy, createdAt: Date): RechargeTerms | null {
  const cutover = cutoverOf(policy.billing_mode)
  const invoicedUntil = (row['invoiced_until'] as Date | null) ?? createdAt
  if (cutover !== null && invoicedUntil < cutover) return null
  return {
    assetCode: row['asset_code'] as string,
    threshold: amount(row['threshold'] as bigint),
    trigger: policy.recharge_trigger,
  }
}

function readLimit(row: Row): LimitTerms {
  return {
    id: row['id'] as string,
    scope: row['scope'] as LimitTerms['scope'],
    subject: row['subject'] as string | null,
    asset: row['asset_code'] as string,
    amount: amount(row['amount'] as bigint),
    period: row['period'] as LimitTerms['period'],
    mode: row['mode'] as LimitTerms['mode'],
  }
}
