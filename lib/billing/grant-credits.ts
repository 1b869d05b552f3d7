import 'server-only'

import { actorLabel, type Actor, type Mode } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { findAccountNamed } from '@/lib/db/account-names'
import { announceBalance } from '@/lib/db/announce'
import { lockBook } from '@/lib/db/books'
import { readCatalogue } from '@/lib/db/catalogue'
import { withDueEntries } from '@/lib/db/due'
import { doOnce, type OnceAnswer, type OnceKey } from '@/lib/db/idempotency'
import { newId } from '@/lib/db/ids'
import { saveBook, type NewEntry } from '@/lib/db/journal'
import type { Account } from '@/lib/db/organizations'
import type { Tx } from '@/lib/db/pool'
import { invalidField, type PurserError } from '@/lib/errors'
import { credit, emptyGrant, type CreditPosting } from '@/lib/ledger/credit'
import type { NewGrant, Scope } from '@/lib/ledger/types'
import { ZERO_AMOUNT } from '@/lib/money/amount'
import { cents } from '@/lib/money/cents'
import { err, ok, type Result } from '@/lib/result'

import { toGrantAnswer } from './grant-answer'
import type { GrantInput } from './grant-contract'
import { planGrant } from './rules/plan-grant'

/** A grant to be made in a mode. A key only gives in its own. */
export type GrantCredits = GrantInput & { readonly mode: Mode }

/**
 * Gives credits to an organization, once per idempotency key: debt is repaid first, the rest becomes a grant. Answers the grant as JSON
 * text (`GrantAnswer`); when debt took all of it, a grant of nothing. Locks the key, then the wallet. Errors: not_found, forbidden,
 * invalid_input, idempotency_conflict, idempotency_in_progress.
 */
export async function grantCredits(
  actor: Actor,
  input: GrantCredits,
  once: Omit<OnceKey, 'mode'>,
  clock: Clock,
): Promise<Result<OnceAnswer, PurserError>> {
  const account = await findAccountNamed(input.mode, input.organization)
  if (account === null || (actor.kind === 'key' && actor.mode !== input.mode)) {
    return err({ code: 'not_found', what: 'organization' })
  }
  if (!can(actor, 'grants:create', account)) return err({ code: 'forbidden' })
  const at = accountClock(account, clock).now()
  const done = await doOnce({ ...once, mode: input.mode }, clock.now(), (tx) =>
    give(tx, actor, account, input, once.key, at),
  )
  if (done.ok && !done.value.isReplay) announceBalance(account.id)
  return done
}

async function give(
  tx: Tx,
  actor: Actor,
  account: Account,
  input: GrantCredits,
  key: string,
  at: Date,
): Promise<Result<string, PurserError>> {
  const asset = (await readCatalogue(account.mode, tx)).assets.get(input.asset)
  if (asset === undefined) return err(invalidField('asset', `There is no asset "${input.asset}". Add it first.`))
  const plan = planGrant(askedGrant(input), asset.scale, at)
  if (!plan.ok) return err({ code: 'invalid_input', errors: plan.error })

  const before = await lockBook(tx, account.id, { assetCode: asset.code, scale: asset.scale, memberId: null }, at)
  const due = withDueEntries(before, at)
  const grant = newGrant(input, plan.value.effectiveAt, plan.value.expiresAt)
  const posted = credit(due.book, { kind: 'grant', amount: plan.value.amount, grant, at, occurredAt: at })
  if (!posted.ok) return err(invalidField('amount', 'The wallet cannot hold that much. Use a smaller amount.'))

  const entry = grantEntry(posted.value, input, actorLabel(actor), key, at)
  await saveBook(tx, before, posted.value.book, [...due.entries, entry])
  const made = posted.value.grant ?? emptyGrant(due.book, grant, ZERO_AMOUNT)
  const place = { organizationId: account.organizationId, assetCode: asset.code, scale: asset.scale }
  return ok(JSON.stringify(toGrantAnswer(made, place, at)))
}

function askedGrant({ amount, effective_at, expires_at }: GrantInput) {
  return {
    amount,
    effectiveAt: effective_at === undefined ? null : new Date(effective_at),
    expiresAt: expires_at === undefined ? null : new Date(expires_at),
  }
}

function newGrant(input: GrantInput, effectiveAt: Date, expiresAt: Date | null): NewGrant {
  return {
    id: newId(),
    source: input.source,
    purpose: input.purpose,
    priority: input.priority,
    scope: scopeOf(input),
    costBasisCents: cents(BigInt(input.cost_basis_cents)),
    effectiveAt,
    expiresAt,
    paymentId: null,
  }
}

/** A scope that names nothing allows anything, which is no scope. */
function scopeOf({ scope = {} }: GrantInput): Scope | null {
  const { meters, models, members, features } = scope
  const named: Scope = {
    ...(meters === undefined ? {} : { meters }),
    ...(models === undefined ? {} : { models }),
    ...(members === undefined ? {} : { members }),
    ...(features === undefined ? {} : { features }),
  }
  return Object.keys(named).length === 0 ? null : named
}

/** The key stands in the journal too: a second entry for it is refused there, whatever became of the record of the answer. */
function grantEntry(
  { entry, grant }: CreditPosting,
  input: GrantInput,
  actor: string,
  key: string,
  at: Date,
): NewEntry {
  return {
    draft: entry,
    details: {
      id: newId(),
      createdAt: at,
      idempotencyKey: `grant:${key}`,
      actor,
      description: input.purpose,
      references: { grant: grant?.id ?? null },
    },
  }
}
