import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { canOnInstallation } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import { addOperatorPolicy } from '@/lib/db/organizations'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { PolicyOverride } from './rules/effective-policy'

/**
 * Gives an installation its operator's settings if it has none yet; what an operator has set is never overwritten. Answers whether these
 * became its settings. Errors: forbidden.
 */
export async function adoptOperatorPolicy(
  actor: Actor,
  policy: PolicyOverride,
  { now }: Clock,
): Promise<Result<boolean, PurserError>> {
  if (!canOnInstallation(actor, 'operator_settings:manage')) return err({ code: 'forbidden' })
  return ok(await addOperatorPolicy(policy, now()))
}
