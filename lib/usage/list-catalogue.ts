import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { readCatalogue, type Asset, type Meter } from '@/lib/db/catalogue'
import { showId } from '@/lib/db/ids'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { toPriceAnswer, type AssetAnswer, type MeterAnswer, type PriceAnswer } from './price-contract'
import type { Price } from './rules/price'

type KeyActor = Extract<Actor, { kind: 'key' }>

/** The assets of the key's mode, by code. */
export async function listAssets(actor: KeyActor): Promise<readonly AssetAnswer[]> {
  return [...(await readCatalogue(actor.mode)).assets.values()].map(toAssetAnswer)
}

/** The meters of the key's mode, by key. */
export async function listMeters(actor: KeyActor): Promise<readonly MeterAnswer[]> {
  return [...(await readCatalogue(actor.mode)).meters.values()].map(toMeterAnswer)
}

/** The price versions of a meter, the oldest first. Errors: not_found. */
export async function listPrices(actor: KeyActor, meter: string): Promise<Result<readonly PriceAnswer[], PurserError>> {
  const catalogue = await readCatalogue(actor.mode)
  if (!catalogue.meters.has(meter)) return err({ code: 'not_found', what: 'meter' })
  return ok((catalogue.prices.get(meter) ?? []).map(showPrice))
}

/** A price version as it is answered, its id as the outside sees it. */
export function showPrice(price: Price): PriceAnswer {
  return toPriceAnswer({ ...price, id: showId('prc', price.id) })
}

/** An asset as it is answered. */
export function toAssetAnswer({ code, name, scale, usdPrice }: Asset): AssetAnswer {
  return { code, name, scale, usd_price: usdPrice }
}

/** A meter as it is answered. */
export function toMeterAnswer({ key, name, unit, heartbeatTimeoutSeconds }: Meter): MeterAnswer {
  return { key, name, unit, heartbeat_timeout_seconds: heartbeatTimeoutSeconds }
}
