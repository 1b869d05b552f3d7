import 'server-only'

import type { Actor, Mode } from '@/lib/auth/rules/actor'
import { canOnInstallation } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { CreateOrganization, OrganizationInMode } from './contract'
import { describeOrganization } from './describe-organization'
import { ensureAccount } from './ensure-account'

/** Only a key says which mode it means. */
export type CreatingActor = Extract<Actor, { kind: 'key' }>

/**
 * Makes a customer known in the key's mode (api.md, `POST /organizations`). Replay: the same body answers the same organization
 * with `created: false`. Locks the external id. Errors: forbidden; conflict when it exists with another body.
 */
export async function createOrganization(
  actor: CreatingActor,
  input: CreateOrganization,
  { now }: Clock,
): Promise<Result<{ readonly organization: OrganizationInMode; readonly created: boolean }, PurserError>> {
  if (!canOnInstallation(actor, 'organizations:create')) return err({ code: 'forbidden' })
  const mode: Mode = actor.mode
  const details = { externalId: input.external_id, name: input.name, email: input.email, timeZone: input.time_zone }
  const { account, created } = await inTransaction((tx) => ensureAccount(tx, mode, details, now()))
  const isSame =
    account.name === details.name && account.email === details.email && account.timeZone === details.timeZone
  if (!isSame) {
    return err({
      code: 'conflict',
      message: `An organization with the external id ${details.externalId} exists with another name, email or time_zone.`,
    })
  }
  return ok({ organization: await describeOrganization(account), created })
}
