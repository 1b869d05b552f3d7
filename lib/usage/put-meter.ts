import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { canOnInstallation } from '@/lib/auth/rules/permissions'
import { lockCatalogue, putMeter as writeMeter } from '@/lib/db/catalogue'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { toMeterAnswer } from './list-catalogue'
import type { MeterAnswer, MeterInput } from './price-contract'

/** Adds a meter to the key's mode, or replaces its name, unit and timeout. Locks the catalogue. Errors: forbidden. */
export async function putMeter(
  actor: Extract<Actor, { kind: 'key' }>,
  key: string,
  input: MeterInput,
): Promise<Result<MeterAnswer, PurserError>> {
  if (!canOnInstallation(actor, 'catalogue:manage')) return err({ code: 'forbidden' })
  const heartbeatTimeoutSeconds = input.heartbeat_timeout_seconds
  const meter = { key, name: input.name, unit: input.unit, heartbeatTimeoutSeconds }
  await inTransaction(async (tx) => {
    await lockCatalogue(tx, actor.mode)
    await writeMeter(tx, actor.mode, meter)
  })
  return ok(toMeterAnswer(meter))
}
