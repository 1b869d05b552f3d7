import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { readTerms, type AccountTerms } from '@/lib/db/account-terms'
import { findRunOwners } from '@/lib/db/runs'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

/** A run that a path names, and the terms of the account that it belongs to. */
export type NamedRun = { readonly runId: string; readonly terms: AccountTerms }

/**
 * Finds the run of the key's mode that a path names by `run_…` or by the caller's own id. Errors: not_found, also when it exists only in
 * the other mode; conflict, when several organizations have a run of that own id.
 */
export async function findNamedRun(
  actor: Extract<Actor, { kind: 'key' }>,
  name: string,
): Promise<Result<NamedRun, PurserError>> {
  const owners = await findRunOwners(actor.mode, name)
  const [owner] = owners
  if (owner === undefined) return err({ code: 'not_found', what: 'run' })
  if (owners.length > 1) {
    return err({
      code: 'conflict',
      message: `Several organizations have a run "${name}". Name it by its own run_… id.`,
    })
  }
  const terms = await readTerms(owner.accountId)
  if (!can(actor, 'runs:manage', terms)) return err({ code: 'not_found', what: 'run' })
  return ok({ runId: owner.runId, terms })
}
