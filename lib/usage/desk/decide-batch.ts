import 'server-only'

import { onceName, recallAnswers, rememberAnswers, type OnceKey, type Remembered } from '@/lib/db/idempotency'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { toAuthorizationAnswer } from '../authorizations/authorization-answer'
import { holdOf, type AccountDesk } from './account-desk'
import { closeDesks } from './close-desks'
import { decideAuthorize } from './decide-authorize'
import { decideCapture } from './decide-capture'
import { decideExtend, decideRelease } from './decide-hold'
import { decideRecord } from './decide-record'
import { openDesks } from './open-desks'
import type { Prepared } from './prepare'
import type { Decision, DeskRequest } from './request'

/** What was answered before, and what this batch adds to it. */
type Answers = { readonly known: Map<string, Remembered>; readonly added: Remembered[] }

/**
 * Decides a batch of requests, of one account or of many, in one transaction, in the order given, each with an outcome of its own. Locks
 * the wallets they are about. A refusal writes nothing. With several accounts, one whose wallet somebody else has locked is left out and
 * answered null: it is to be decided alone, so that nobody waits for another account's lock.
 */
export async function decideBatch(requests: readonly DeskRequest[]): Promise<readonly (Decision | null)[]> {
  if (requests.length === 0) return []
  const isOneAccount = requests.every(({ account }) => account.id === requests[0]?.account.id)
  return inTransaction(async (tx) => {
    const { desks, prepared } = await openDesks(tx, requests, isOneAccount ? 'wait' : 'skip')
    const keys = prepared.flatMap(({ request }) => (isOnce(request) ? [request.once] : []))
    const recalled = await recallAnswers(tx, keys)
    const answers: Answers = { known: new Map(recalled.map((each) => [onceName(each), each])), added: [] }
    const decisions = prepared.map((each) => {
      const desk = desks.get(each.terms.accountId)
      return desk === undefined ? null : decide(desk, each, answers)
    })
    await closeDesks(tx, [...desks.values()])
    await rememberAnswers(tx, answers.added)
    return decisions
  })
}

function decide(desk: AccountDesk, prepared: Prepared, answers: Answers): Decision {
  const { request } = prepared
  switch (request.kind) {
    case 'record':
      return decideRecord(desk, prepared, request)
    case 'authorize':
      return once(desk, answers, request.once, () => shown(decideAuthorize(desk, prepared, request)))
    case 'capture':
      return once(desk, answers, request.once, () => decideCapture(desk, prepared, request))
    case 'release':
      return answered(shown(decideRelease(desk, request)))
    case 'extend':
      return answered(shown(decideExtend(desk, request)))
    case 'expire':
      return answered(ok(toAuthorizationAnswer(holdOf(desk, request.hold.state.id).now)))
  }
}

/** Decides a request once: a replay is answered as it was first answered. Only what wrote something is remembered. */
function once(
  desk: AccountDesk,
  { known, added }: Answers,
  key: OnceKey,
  work: () => Result<object, PurserError>,
): Decision {
  const before = known.get(onceName(key))
  if (before !== undefined) {
    if (before.bodyHash !== key.bodyHash) return err({ code: 'idempotency_conflict' })
    return ok({ kind: 'hold', hold: { answer: before.answer, isReplay: true } })
  }
  const done = work()
  if (!done.ok) return done
  const remembered = { ...key, answer: JSON.stringify(done.value), createdAt: desk.now }
  known.set(onceName(key), remembered)
  added.push(remembered)
  return ok({ kind: 'hold', hold: { answer: remembered.answer, isReplay: false } })
}

function shown(hold: ReturnType<typeof decideRelease>): Result<object, PurserError> {
  return hold.ok ? ok(toAuthorizationAnswer(hold.value)) : hold
}

function answered(result: Result<object, PurserError>): Decision {
  return result.ok ? ok({ kind: 'hold', hold: { answer: JSON.stringify(result.value), isReplay: false } }) : result
}

function isOnce(request: DeskRequest): request is Extract<DeskRequest, { once: OnceKey }> {
  return request.kind === 'authorize' || request.kind === 'capture'
}
