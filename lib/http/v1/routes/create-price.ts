import 'server-only'

import { createPrice } from '@/lib/usage/create-price'
import { priceAnswer, priceInput, type PriceInput } from '@/lib/usage/price-contract'

import { idempotencyOf, param, respondOnce, route } from '../route'

/** `POST /meters/{key}/prices`. */
export const createPriceRoute = route<PriceInput>({
  method: 'POST',
  path: '/meters/{key}/prices',
  summary: 'Add a version of what a meter costs',
  body: priceInput,
  needsIdempotencyKey: true,
  answers: { 201: { description: 'The price version.', schema: priceAnswer } },
  handle: async (call) => {
    const { actor, body, clock } = call
    return respondOnce(201, await createPrice(actor, param(call, 'key'), body, idempotencyOf(call), clock))
  },
})
