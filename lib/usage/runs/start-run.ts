import 'server-only'

import { createHash } from 'node:crypto'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { findAccountNamed } from '@/lib/db/account-names'
import { readAccountTerms } from '@/lib/db/account-terms'
import { readCatalogue, type Catalogue } from '@/lib/db/catalogue'
import { readId } from '@/lib/db/ids'
import { inTransaction, type Tx } from '@/lib/db/pool'
import { findRunByExternalId, insertRun, type Run } from '@/lib/db/runs'
import { invalidField, type PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { checkRunCredit, type RunAsked } from './check-run-credit'
import { toRunAnswer } from './run-answer'
import type { RunAnswer, RunInput } from '../run-contract'
import { refuseStartAt, startedRun, type RunState } from '../rules/run'
import { canonicalRunBody, runSubject } from '../rules/run-body'

/** The run, and whether it was started before by this id. */
export type StartedRun = { readonly run: RunAnswer; readonly isReplay: boolean }

/**
 * Starts a run: cold, and free until it is reported ready. Once by the caller's own id: the same body answers the run as it stands by now.
 * A new run needs credit for its first unit. Locks the wallet that would pay. Errors: not_found, invalid_input (id, meter, at),
 * unknown_meter, unpriced, idempotency_conflict, insufficient_credits, spend_limit_exceeded, debt_unsettled.
 */
export async function startRun(
  actor: Extract<Actor, { kind: 'key' }>,
  input: RunInput,
  clock: Clock,
): Promise<Result<StartedRun, PurserError>> {
  const account = await findAccountNamed(actor.mode, input.organization)
  if (account === null || !can(actor, 'runs:manage', account)) return err({ code: 'not_found', what: 'organization' })
  if (readId('run', input.id) !== null) return err(invalidField('id', 'Choose an id that is not shaped like ours.'))
  return inTransaction(async (tx) => {
    const terms = (await readAccountTerms(tx, [account.id])).get(account.id)
    if (terms === undefined) throw new Error(`billing account ${account.id} has no terms`)
    const started = await start(tx, { actor, terms, now: accountClock(terms, clock).now() }, input)
    if (!started.ok) return started
    const { run, isReplay } = started.value
    return ok({ run: toRunAnswer(run, terms.organizationId), isReplay })
  })
}

type Started = { readonly run: Run; readonly isReplay: boolean }

/** The wallet is locked before the id is looked up, or two replays would both find nothing (ledger.md, Idempotency). */
async function start(tx: Tx, asked: RunAsked, input: RunInput): Promise<Result<Started, PurserError>> {
  const { now, terms } = asked
  const { accountId } = terms
  const bodyHash = createHash('sha256').update(canonicalRunBody(input)).digest('hex')
  const checked = await checkRunCredit(tx, asked, runSubject(input))
  const known = await findRunByExternalId(tx, accountId, input.id)
  if (known !== null) return replay(known, bodyHash)
  const state = newState(await readCatalogue(terms.mode, tx), input, now)
  if (!state.ok) return state
  if (!checked.ok) return checked

  const run = { externalId: input.id, bodyHash, subject: runSubject(input), state: state.value, ...checked.value }
  const inserted = await insertRun(tx, accountId, run, now)
  if (inserted !== null) return ok({ run: inserted, isReplay: false })
  const twin = await findRunByExternalId(tx, accountId, input.id)
  if (twin === null) throw new Error(`run ${input.id} is there and cannot be read`)
  return replay(twin, bodyHash)
}

function replay(run: Run, bodyHash: string): Result<Started, PurserError> {
  return run.bodyHash === bodyHash ? ok({ run, isReplay: true }) : err({ code: 'idempotency_conflict' })
}

function newState(catalogue: Catalogue, input: RunInput, now: Date): Result<RunState, PurserError> {
  const at = input.at === undefined ? now : new Date(input.at)
  const refusal = refuseStartAt(at, now)
  if (refusal !== null) return err(refusal)
  const meter = catalogue.meters.get(input.meter)
  if (meter === undefined) return err({ code: 'unknown_meter', meter: input.meter })
  if (meter.unit === 'count') {
    return err(invalidField('meter', `The meter "${meter.key}" counts things. Use one of seconds or hours.`))
  }
  return ok(startedRun(meter.unit, meter.heartbeatTimeoutSeconds, at, now))
}
