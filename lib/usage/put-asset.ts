import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { canOnInstallation } from '@/lib/auth/rules/permissions'
import { holdCatalogue, isAssetUsed, lockCatalogue, putAsset as writeAsset } from '@/lib/db/catalogue'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { toAssetAnswer } from './list-catalogue'
import type { AssetAnswer, AssetInput } from './price-contract'

/**
 * Adds an asset to the key's mode, or replaces its name, scale and dollar price. Locks the catalogue. Errors: forbidden, conflict (the
 * scale of an asset that is used: every amount in it would change).
 */
export async function putAsset(
  actor: Extract<Actor, { kind: 'key' }>,
  code: string,
  input: AssetInput,
): Promise<Result<AssetAnswer, PurserError>> {
  if (!canOnInstallation(actor, 'catalogue:manage')) return err({ code: 'forbidden' })
  const { mode } = actor
  return inTransaction(async (tx) => {
    const known = (await holdCatalogue(tx, mode)).assets.get(code)
    if (known !== undefined && known.scale !== input.scale && (await isAssetUsed(tx, mode, code))) {
      const message = `The asset "${code}" is used with scale ${known.scale}. Keep it, or add another asset.`
      return err({ code: 'conflict', message })
    }
    const asset = { code, name: input.name, scale: input.scale, usdPrice: input.usd_price ?? null }
    await lockCatalogue(tx, mode)
    await writeAsset(tx, mode, asset)
    return ok(toAssetAnswer(asset))
  })
}
