import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { canOnInstallation } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import { holdCatalogue, insertPrice, lastRatedFrom, lockCatalogue, type Catalogue } from '@/lib/db/catalogue'
import { doOnce, type OnceAnswer, type OnceKey } from '@/lib/db/idempotency'
import { newId } from '@/lib/db/ids'
import type { Tx } from '@/lib/db/pool'
import { invalidField, type PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { showPrice } from './list-catalogue'
import type { PriceInput } from './price-contract'
import type { Price } from './rules/price'
import { admitPriceVersion } from './rules/price-in-force'
import { readPriceDefinition, writePriceDefinition } from './rules/read-price'

type KeyActor = Extract<Actor, { kind: 'key' }>

/**
 * Adds a version of what a meter costs, once per idempotency key; answers the price as JSON text (`PriceAnswer`). Locks the key, then
 * the catalogue. Errors: forbidden, not_found (meter), invalid_input, conflict (a version begins at that very instant, or usage from
 * then on was rated), idempotency_conflict, idempotency_in_progress.
 */
export async function createPrice(
  actor: KeyActor,
  meter: string,
  input: PriceInput,
  once: Omit<OnceKey, 'mode'>,
  { now }: Clock,
): Promise<Result<OnceAnswer, PurserError>> {
  if (!canOnInstallation(actor, 'catalogue:manage')) return err({ code: 'forbidden' })
  const at = now()
  return doOnce({ ...once, mode: actor.mode }, at, async (tx) => {
    const catalogue = await holdCatalogue(tx, actor.mode)
    const price = await admitPrice(tx, actor, catalogue, meter, input, at)
    if (!price.ok) return price
    const { id, asset, effectiveFrom } = price.value
    await lockCatalogue(tx, actor.mode)
    const definition = writePriceDefinition(price.value)
    await insertPrice(tx, actor.mode, { id, meter, asset, definition, effectiveFrom, createdAt: at })
    return ok(JSON.stringify(showPrice(price.value)))
  })
}

async function admitPrice(
  tx: Tx,
  actor: KeyActor,
  catalogue: Catalogue,
  meter: string,
  input: PriceInput,
  now: Date,
): Promise<Result<Price, PurserError>> {
  if (!catalogue.meters.has(meter)) return err({ code: 'not_found', what: 'meter' })
  const terms = readPriceDefinition(input)
  if (!terms.ok) return err({ code: 'invalid_input', errors: terms.error })
  const asset = catalogue.assets.get(terms.value.asset)
  if (asset === undefined) return err(invalidField('asset', `There is no asset "${terms.value.asset}". Add it first.`))

  const effectiveFrom = input.effective_from === undefined ? now : new Date(input.effective_from)
  const isPast = effectiveFrom < now
  const lastRatedAt = isPast ? await lastRatedFrom(tx, actor.mode, meter, effectiveFrom) : null
  const versions = catalogue.prices.get(meter) ?? []
  const admitted = admitPriceVersion(effectiveFrom, { versions, lastRatedAt, now })
  if (!admitted.ok) return err({ code: 'conflict', message: REFUSALS[admitted.error] })
  return ok({ ...terms.value, id: newId(), meter, scale: asset.scale, effectiveFrom })
}

const REFUSALS = {
  same_instant: 'Another version of this price begins at that very instant. Choose another effective_from.',
  already_rated: 'Usage from then on was rated already, and what was charged stays. Choose a later effective_from.',
} as const
