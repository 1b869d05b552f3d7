import type { z } from 'zod'

import type { grantInput } from '@/lib/billing/grant-contract'
import type { memberInput } from '@/lib/billing/member-contract'
import type { contractInput } from '@/lib/billing/package-contract'
import type { accountPlanInput, planInput } from '@/lib/billing/plan-contract'
import type { SetRecharge } from '@/lib/billing/recharge-contract'
import type { createOrganizationSchema } from '@/lib/organizations/contract'
import type { PolicyOverride } from '@/lib/organizations/rules/effective-policy'
import type { usageEventInput } from '@/lib/usage/contract'
import type { limitInput } from '@/lib/usage/limit-contract'
import type { assetInput, meterInput, priceInput } from '@/lib/usage/price-contract'

/**
 * A business as configuration: what its operator sets, sells and promises, in the words of the HTTP API. A preset is a value without code:
 * whatever it makes happen, the engine does.
 */
export type Preset = {
  /** The operator's own settings, from which every account inherits. */
  readonly policy: PolicyOverride
  /** Auto-recharge as its customers are advised to set it, once a card is saved. Null: they do not pay by card. */
  readonly recharge: SetRecharge | null
  /** What is held and spent, by code. `credit` is there without being named. */
  readonly assets: Readonly<Record<string, z.input<typeof assetInput>>>
  /** What is counted, by key, each with what it costs. */
  readonly meters: Readonly<Record<string, PresetMeter>>
  /** By key. */
  readonly plans: Readonly<Record<string, z.input<typeof planInput>>>
  /** A customer to look around with, and others whose terms differ. By external id. */
  readonly organizations: Readonly<Record<string, PresetOrganization>>
}

/** A meter with its price versions. Each says from when it is in force, so that a preset means the same whenever it is set up. */
export type PresetMeter = z.input<typeof meterInput> & { readonly prices: readonly PresetPrice[] }
export type PresetPrice = z.input<typeof priceInput> & { readonly effective_from: string }

/** What one customer has agreed to, and some days of its life. */
export type PresetOrganization = Omit<z.input<typeof createOrganizationSchema>, 'external_id'> & {
  /** Where its terms differ from the operator's settings. */
  readonly policy?: PolicyOverride
  readonly plan?: z.input<typeof accountPlanInput>
  readonly contract?: z.input<typeof contractInput>
  /** By the operator's name for them. */
  readonly members?: Readonly<Record<string, z.input<typeof memberInput>>>
  /** By the operator's name for them. */
  readonly limits?: Readonly<Record<string, z.input<typeof limitInput>>>
  readonly grants?: readonly PresetGrant[]
  readonly usage?: readonly PresetUsage[]
}

/** Credit that the sample begins with. Named by its purpose, once. */
export type PresetGrant = Omit<z.input<typeof grantInput>, 'organization' | 'effective_at' | 'expires_at'> & {
  /** Never when left out. */
  readonly expires_in_days?: number
}

/** Usage of the sample, some hours before it was set up. */
export type PresetUsage = Omit<z.input<typeof usageEventInput>, 'id' | 'organization' | 'occurred_at'> & {
  readonly hours_ago: number
}
