import 'server-only'

import { z } from 'zod'

import { invalidField } from '@/lib/errors'
import { keyField } from '@/lib/usage/field-contract'
import { listAssets, listMeters, listPrices } from '@/lib/usage/list-catalogue'
import {
  assetAnswer,
  assetInput,
  meterAnswer,
  meterInput,
  priceAnswer,
  type AssetInput,
  type MeterInput,
} from '@/lib/usage/price-contract'
import { putAsset } from '@/lib/usage/put-asset'
import { putMeter } from '@/lib/usage/put-meter'

import { answer, param, refuse, respond, route } from '../route'

const BAD_KEY = 'Use 1 to 64 of a–z, 0–9, "_", "." and "-", beginning with a letter.'

/** `GET /assets`. */
export const listAssetsRoute = route({
  method: 'GET',
  path: '/assets',
  summary: 'What is held and spent',
  answers: { 200: { description: 'The assets.', schema: z.object({ data: z.array(assetAnswer) }) } },
  handle: async ({ actor }) => answer(200, { data: await listAssets(actor) }),
})

/** `PUT /assets/{code}`. */
export const putAssetRoute = route<AssetInput>({
  method: 'PUT',
  path: '/assets/{code}',
  summary: 'Add or change an asset',
  body: assetInput,
  answers: { 200: { description: 'The asset.', schema: assetAnswer } },
  handle: async (call) => {
    const code = keyField.safeParse(param(call, 'code'))
    if (!code.success) return refuse(invalidField('code', BAD_KEY))
    return respond(200, await putAsset(call.actor, code.data, call.body))
  },
})

/** `GET /meters`. */
export const listMetersRoute = route({
  method: 'GET',
  path: '/meters',
  summary: 'What is counted',
  answers: { 200: { description: 'The meters.', schema: z.object({ data: z.array(meterAnswer) }) } },
  handle: async ({ actor }) => answer(200, { data: await listMeters(actor) }),
})

/** `PUT /meters/{key}`. */
export const putMeterRoute = route<MeterInput>({
  method: 'PUT',
  path: '/meters/{key}',
  summary: 'Add or change a meter',
  body: meterInput,
  answers: { 200: { description: 'The meter.', schema: meterAnswer } },
  handle: async (call) => {
    const key = keyField.safeParse(param(call, 'key'))
    if (!key.success) return refuse(invalidField('key', BAD_KEY))
    return respond(200, await putMeter(call.actor, key.data, call.body))
  },
})

/** `GET /meters/{key}/prices`. */
export const listPricesRoute = route({
  method: 'GET',
  path: '/meters/{key}/prices',
  summary: 'The price versions of a meter, the oldest first',
  answers: { 200: { description: 'The price versions.', schema: z.object({ data: z.array(priceAnswer) }) } },
  handle: async (call) => {
    const prices = await listPrices(call.actor, param(call, 'key'))
    return prices.ok ? answer(200, { data: prices.value }) : refuse(prices.error)
  },
})
