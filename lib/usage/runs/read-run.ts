import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { findRun } from '@/lib/db/runs'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { findNamedRun } from './find-named-run'
import { toRunAnswer } from './run-answer'
import type { RunAnswer } from '../run-contract'

/** A run as it stands: what is billed so far, without billing more. Errors: not_found, conflict (an own id that is not unique). */
export async function readRun(
  actor: Extract<Actor, { kind: 'key' }>,
  name: string,
): Promise<Result<RunAnswer, PurserError>> {
  const named = await findNamedRun(actor, name)
  if (!named.ok) return named
  const { runId, terms } = named.value
  const run = await findRun(terms.accountId, runId)
  return run === null ? err({ code: 'not_found', what: 'run' }) : ok(toRunAnswer(run, terms.organizationId))
}
