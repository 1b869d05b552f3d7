import { isDeepStrictEqual } from 'node:util'

import { changePlan } from '@/lib/billing/periods/change-plan'
import { grantInput } from '@/lib/billing/grant-contract'
import { grantCredits } from '@/lib/billing/grant-credits'
import { memberInput } from '@/lib/billing/member-contract'
import { contractInput } from '@/lib/billing/package-contract'
import { accountPlanInput } from '@/lib/billing/plan-contract'
import { putContractTerms } from '@/lib/billing/periods/put-contract-terms'
import { putMember } from '@/lib/billing/periods/put-member'
import { createOrganizationSchema } from '@/lib/organizations/contract'
import { createOrganization } from '@/lib/organizations/create-organization'
import type { EffectivePolicy, PolicyOverride } from '@/lib/organizations/rules/effective-policy'
import { setPolicy } from '@/lib/organizations/set-policy'
import { toUsageEvent, usageEventInput } from '@/lib/usage/contract'
import { findUsageAccount } from '@/lib/usage/find-usage-account'
import { limitInput } from '@/lib/usage/limit-contract'
import { putLimit } from '@/lib/usage/put-limit'
import { recordUsage } from '@/lib/usage/record-usage'

import type { Preset, PresetOrganization } from './preset'
import { must, type PresetSetter } from './setter'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/**
 * Makes an organization of a preset with its terms, its members and limits, and on the first day of the preset what it lived through.
 * Again it changes nothing. Answers what there is in a sentence.
 */
export async function applyOrganization(
  setter: PresetSetter,
  preset: Preset,
  externalId: string,
  organization: PresetOrganization,
): Promise<string> {
  const { key, clock, since } = setter
  const { name, email, time_zone } = organization
  const asked = createOrganizationSchema.parse({ external_id: externalId, name, email, time_zone })
  const { organization: made } = must(externalId, await createOrganization(key, asked, clock))
  await applyPolicy(setter, externalId, made.policy, { ...preset.policy, ...organization.policy })
  await applyTerms(setter, externalId, organization)
  if (clock.now().getTime() - since.getTime() < DAY_MS) {
    await giveGrants(setter, externalId, organization)
    await recordSampleUsage(setter, externalId, organization)
  }
  const { plan, contract, members = {}, limits = {} } = organization
  const facts = [
    plan === undefined ? null : `on plan ${plan.plan ?? 'none'}`,
    contract === undefined ? null : `under contract until ${contract.ends_on}`,
    counted(Object.keys(members).length, 'member'),
    counted(Object.keys(limits).length, 'spend limit'),
  ].filter((fact) => fact !== null)
  return `Organization ${externalId}: ${[name, ...facts].join(', ')}`
}

/** Sets as the organization's own what it does not have already, from the operator or itself. */
async function applyPolicy(
  { key, clock }: PresetSetter,
  externalId: string,
  inForce: EffectivePolicy,
  wanted: PolicyOverride,
): Promise<void> {
  const values: Readonly<Record<string, { readonly value: unknown }>> = inForce
  const missing = Object.entries(wanted).filter(([name, value]) => !isDeepStrictEqual(values[name]?.value, value))
  if (missing.length === 0) return
  must(`the policy of ${externalId}`, await setPolicy(key, externalId, Object.fromEntries(missing), clock))
}

async function applyTerms(
  { key, clock }: PresetSetter,
  externalId: string,
  { plan, contract, members = {}, limits = {} }: PresetOrganization,
): Promise<void> {
  if (plan !== undefined) {
    const change = { ...accountPlanInput.parse(plan), organization: externalId, isDryRun: false }
    must(`the plan of ${externalId}`, await changePlan(key, change, clock))
  }
  if (contract !== undefined) {
    const terms = contractInput.parse(contract)
    must(`the contract of ${externalId}`, await putContractTerms(key, externalId, terms, clock))
  }
  for (const [member, fields] of Object.entries(members)) {
    const input = { ...memberInput.parse(fields), organization: externalId, externalId: member }
    must(`the member ${member}`, await putMember(key, input, clock))
  }
  for (const [id, fields] of Object.entries(limits)) {
    must(`the limit ${id}`, await putLimit(key, externalId, id, limitInput.parse(fields), clock))
  }
}

async function giveGrants(
  { key, name, since, clock }: PresetSetter,
  organization: string,
  { grants = [] }: PresetOrganization,
): Promise<void> {
  for (const { expires_in_days: days, ...fields } of grants) {
    const expires_at = days === undefined ? undefined : new Date(since.getTime() + days * DAY_MS).toISOString()
    const input = grantInput.parse({ ...fields, organization, expires_at })
    const once = {
      route: 'POST /grants',
      key: `preset:${name}:${organization}:${input.purpose}`,
      bodyHash: JSON.stringify(input),
    }
    must(`the grant "${input.purpose}"`, await grantCredits(key, { ...input, mode: key.mode }, once, clock))
  }
}

async function recordSampleUsage(
  { key, name, since, clock }: PresetSetter,
  organization: string,
  { usage = [] }: PresetOrganization,
): Promise<void> {
  if (usage.length === 0) return
  const events = usage.map(({ hours_ago: hoursAgo, ...fields }, index) => {
    const occurred_at = new Date(since.getTime() - hoursAgo * HOUR_MS).toISOString()
    return toUsageEvent(
      usageEventInput.parse({ ...fields, organization, id: `preset-${name}-${index + 1}`, occurred_at }),
    )
  })
  const account = must(organization, await findUsageAccount(key, organization))
  const outcomes = must(`the usage of ${organization}`, await recordUsage(key, account, events, clock))
  outcomes.forEach((outcome, index) => must(`usage ${index + 1} of ${organization}`, outcome))
}

function counted(count: number, what: string): string | null {
  return count === 0 ? null : `${count} ${what}${count === 1 ? '' : 's'}`
}
