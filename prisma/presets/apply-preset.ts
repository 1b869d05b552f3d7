import { isDeepStrictEqual } from 'node:util'

import { planInput } from '@/lib/billing/plan-contract'
import { putPlan } from '@/lib/billing/periods/put-plan'
import { adoptOperatorPolicy } from '@/lib/organizations/adopt-operator-policy'
import { createPrice } from '@/lib/usage/create-price'
import { listPrices } from '@/lib/usage/list-catalogue'
import { assetInput, meterInput, priceInput } from '@/lib/usage/price-contract'
import { putAsset } from '@/lib/usage/put-asset'
import { putMeter } from '@/lib/usage/put-meter'
import { readPriceDefinition, writePriceDefinition } from '@/lib/usage/rules/read-price'

import { applyOrganization } from './apply-organization'
import type { Preset, PresetPrice } from './preset'
import { must, type PresetSetter } from './setter'

const SEED = { kind: 'job', task: 'seed' } as const

/**
 * Sets a preset up in the key's mode, through the verbs that the API calls, and answers in sentences what there is now. Again it changes
 * nothing: prices begin at fixed instants, grants and usage are told once. The operator's settings are only written when there are none;
 * else the preset's organizations get its values as their own. Throws an error that says what stands in the way.
 */
export async function applyPreset(setter: PresetSetter, preset: Preset): Promise<readonly string[]> {
  const { key, clock } = setter
  const isAdopted = must('its policy', await adoptOperatorPolicy(SEED, preset.policy, clock))
  for (const [code, asset] of Object.entries(preset.assets)) {
    must(`the asset ${code}`, await putAsset(key, code, assetInput.parse(asset)))
  }
  let versions = 0
  for (const [meter, { prices, ...fields }] of Object.entries(preset.meters)) {
    must(`the meter ${meter}`, await putMeter(key, meter, meterInput.parse(fields)))
    for (const price of prices) await addPrice(setter, meter, price)
    versions += prices.length
  }
  for (const [plan, fields] of Object.entries(preset.plans)) {
    must(`the plan ${plan}`, await putPlan(key, plan, planInput.parse(fields), clock))
  }
  const lines = [
    isAdopted
      ? "The operator's settings are those of this business."
      : "The operator's settings were there and stay; where they differ, the organizations below have this business's own.",
    listed('Asset', Object.keys(preset.assets)),
    `${listed('Meter', Object.keys(preset.meters)) ?? ''} (${versions} price versions)`,
    listed('Plan', Object.keys(preset.plans)),
    advised(preset),
  ]
  for (const [externalId, organization] of Object.entries(preset.organizations)) {
    lines.push(await applyOrganization(setter, preset, externalId, organization))
  }
  return lines.filter((line) => line !== null)
}

/** A version that is there already stays; one of the same instant with other terms is another business's. */
async function addPrice({ key, name, clock }: PresetSetter, meter: string, price: PresetPrice): Promise<void> {
  const input = priceInput.parse(price)
  const terms = readPriceDefinition(input)
  if (!terms.ok) throw new Error(`the price of ${meter} cannot be read`)
  const begins = new Date(price.effective_from)
  const there = must(`the meter ${meter}`, await listPrices(key, meter)).find(
    ({ effective_from }) => Date.parse(effective_from) === begins.getTime(),
  )
  if (there !== undefined) {
    const { id, effective_from } = there
    if (isDeepStrictEqual(there, { ...writePriceDefinition(terms.value), id, meter, effective_from })) return
    throw new Error(
      `The preset cannot be set up: ${meter} has another price from ${begins.toISOString()}. Use a fresh database.`,
    )
  }
  const once = { route: 'POST /meters/prices', key: `preset:${name}:${meter}:${begins.toISOString()}`, bodyHash: meter }
  must(`the price of ${meter}`, await createPrice(key, meter, input, once, clock))
}

function listed(what: string, names: readonly string[]): string | null {
  return names.length === 0 ? null : `${what}${names.length === 1 ? '' : 's'}: ${names.join(', ')}`
}

/** Auto-recharge is a matter of the customer, who saves a card first. */
function advised({ recharge, policy }: Preset): string | null {
  if (recharge === null) return null
  const when = policy.recharge_trigger === 'below' ? 'below' : 'at or below'
  const what = policy.recharge_size === 'target' ? `back to ${recharge.size}` : `${recharge.size} more`
  return `Auto-recharge, as customers are advised to set it once a card is saved: ${when} ${recharge.threshold} credits, ${what}`
}
