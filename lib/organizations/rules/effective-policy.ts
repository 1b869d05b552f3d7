import type { RechargeSizeMode, RechargeTrigger } from '@/lib/billing/rules/recharge'

/** What happens when credits run out. */
export const AT_ZERO = ['deny', 'pause_runs', 'charge_card', 'overdraft'] as const

/** When purchased credits expire. */
export type PurchaseExpiry = 'never' | 'contract_end' | { readonly days: number }

/**
 * Whether usage is paid before or after: until a cutover (RFC 3339) it accrues as debt and is invoiced at the end of each month, from
 * that instant on credits come first.
 */
export type BillingMode = 'prepaid' | { readonly postpaid_until: string }

/**
 * The rules of one billing account, in the words of api.md: stored, sent and answered in this one shape. `overdraft_limit` and
 * `credits_per_usd` are decimal strings, `minimum_purchase_cents`, `packs` and `debt_limit_cents` are US cents.
 */
export type Policy = {
  readonly at_zero: (typeof AT_ZERO)[number]
  readonly overdraft_limit: string
  readonly purchase_expiry: PurchaseExpiry
  readonly minimum_purchase_cents: number
  readonly credits_per_usd: string
  readonly packs: readonly number[]
  readonly display_decimals: number
  readonly recharge_trigger: RechargeTrigger
  readonly recharge_size: RechargeSizeMode
  /** `charge_card`: debt beyond this is charged at once instead of after an hour. */
  readonly debt_limit_cents: number
  readonly billing_mode: BillingMode
}

/** Some of the values: what an operator or an account has set. */
export type PolicyOverride = { readonly [Key in keyof Policy]?: Policy[Key] | undefined }

/** Where a value comes from: Purser itself, the operator's settings, or the account's own override. */
export type PolicySource = 'default' | 'operator' | 'account'

/** A value in force and where it comes from. */
type Sourced<Value> = { readonly value: Value; readonly source: PolicySource }

/** Every value in force, each with where it comes from. */
export type EffectivePolicy = { readonly [Key in keyof Policy]: Sourced<Policy[Key]> }

/** What holds while nobody has set anything. */
export const BUILT_IN_POLICY: Policy = {
  at_zero: 'deny',
  overdraft_limit: '0',
  purchase_expiry: 'never',
  minimum_purchase_cents: 500,
  credits_per_usd: '1',
  packs: [1_000, 2_500, 5_000, 10_000, 25_000],
  display_decimals: 2,
  recharge_trigger: 'at_or_below',
  recharge_size: 'amount',
  debt_limit_cents: 1_000,
  billing_mode: 'prepaid',
}

/** The policy in force for an account: its own override before the operator's setting before the built-in value. */
export function effectivePolicy(operator: PolicyOverride, account: PolicyOverride): EffectivePolicy {
  const decide = <Key extends keyof Policy>(key: Key): Sourced<Policy[Key]> => {
    const own = account[key]
    if (own !== undefined) return { value: own, source: 'account' }
    const general = operator[key]
    if (general !== undefined) return { value: general, source: 'operator' }
    return { value: BUILT_IN_POLICY[key], source: 'default' }
  }
  return {
    at_zero: decide('at_zero'),
    overdraft_limit: decide('overdraft_limit'),
    purchase_expiry: decide('purchase_expiry'),
    minimum_purchase_cents: decide('minimum_purchase_cents'),
    credits_per_usd: decide('credits_per_usd'),
    packs: decide('packs'),
    display_decimals: decide('display_decimals'),
    recharge_trigger: decide('recharge_trigger'),
    recharge_size: decide('recharge_size'),
    debt_limit_cents: decide('debt_limit_cents'),
    billing_mode: decide('billing_mode'),
  }
}

/** The values in force without where they come from. */
export function policyValues(policy: EffectivePolicy): Policy {
  return {
    at_zero: policy.at_zero.value,
    overdraft_limit: policy.overdraft_limit.value,
    purchase_expiry: policy.purchase_expiry.value,
    minimum_purchase_cents: policy.minimum_purchase_cents.value,
    credits_per_usd: policy.credits_per_usd.value,
    packs: policy.packs.value,
    display_decimals: policy.display_decimals.value,
    recharge_trigger: policy.recharge_trigger.value,
    recharge_size: policy.recharge_size.value,
    debt_limit_cents: policy.debt_limit_cents.value,
    billing_mode: policy.billing_mode.value,
  }
}
