import { describe, expect, it } from 'vitest'

import { grantInput } from '@/lib/billing/grant-contract'
import { memberInput } from '@/lib/billing/member-contract'
import { contractInput } from '@/lib/billing/package-contract'
import { accountPlanInput, planInput } from '@/lib/billing/plan-contract'
import { setRechargeInput } from '@/lib/billing/recharge-contract'
import { createOrganizationSchema, policyOverrideSchema } from '@/lib/organizations/contract'
import { usageEventInput } from '@/lib/usage/contract'
import { limitInput } from '@/lib/usage/limit-contract'
import { assetInput, meterInput, priceInput } from '@/lib/usage/price-contract'

import { PRESETS } from './presets'

const presets = [...PRESETS]

it('there are five of them', () => {
  expect([...PRESETS.keys()]).toEqual(['rule-runs', 'compute-seconds', 'gpu-hours', 'wallet-api', 'enterprise-pool'])
})

it('no two of them name the same meter, plan, asset or organization, so that all can be set up side by side', () => {
  const names = presets.flatMap(([, { meters, plans, assets, organizations }]) =>
    [meters, plans, assets, organizations].flatMap((named) => Object.keys(named)),
  )
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted())
})

describe.each(presets)('%s', (_name, preset) => {
  it('is a plain value: what JSON can carry, and no code', () => {
    expect(JSON.parse(JSON.stringify(preset))).toEqual(preset)
  })

  it('says only what the API would take', () => {
    policyOverrideSchema.parse(preset.policy)
    if (preset.recharge !== null) setRechargeInput.parse(preset.recharge)
    for (const asset of Object.values(preset.assets)) assetInput.parse(asset)
    for (const plan of Object.values(preset.plans)) planInput.parse(plan)
    for (const { prices, ...meter } of Object.values(preset.meters)) {
      meterInput.parse(meter)
      for (const price of prices) priceInput.parse(price)
    }
  })

  it('has customers whose terms, members, limits and usage the API would take, and whose usage has a meter', () => {
    for (const [external_id, organization] of Object.entries(preset.organizations)) {
      const { policy, plan, contract, members = {}, limits = {}, grants = [], usage = [], ...fields } = organization
      createOrganizationSchema.parse({ ...fields, external_id })
      if (policy !== undefined) policyOverrideSchema.parse(policy)
      if (plan !== undefined) accountPlanInput.parse(plan)
      if (contract !== undefined) contractInput.parse(contract)
      for (const member of Object.values(members)) memberInput.parse(member)
      for (const limit of Object.values(limits)) limitInput.parse(limit)
      for (const { expires_in_days: days = 1, ...grant } of grants) {
        grantInput.parse({ ...grant, organization: external_id })
        expect(days).toBeGreaterThan(0)
      }
      for (const { hours_ago, ...event } of usage) {
        usageEventInput.parse({ ...event, id: 'x', organization: external_id })
        expect(hours_ago).toBeLessThan(34 * 24)
        expect(Object.keys(preset.meters)).toContain(event.meter)
      }
    }
  })
})
