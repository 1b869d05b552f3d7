import 'server-only'

import { actorLabel, type Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { announceBalance } from '@/lib/db/announce'
import { lockBook, readGrants } from '@/lib/db/books'
import { withDueEntries } from '@/lib/db/due'
import { findEntryAt } from '@/lib/db/entries'
import { findGrant, type OwnedGrant } from '@/lib/db/grants'
import { newId, readId } from '@/lib/db/ids'
import { saveBook, type NewEntry } from '@/lib/db/journal'
import { findAccount } from '@/lib/db/organizations'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { grantOf, withGrants } from '@/lib/ledger/book'
import type { EntryDraft, GrantState } from '@/lib/ledger/types'
import { voidGrant as decideVoid } from '@/lib/ledger/void'
import { err, ok, type Result } from '@/lib/result'

import { toGrantAnswer } from './grant-answer'
import type { GrantAnswer } from './grant-contract'

/**
 * Voids a grant: what is free is taken back at once by a `reversal` that points at the entry which made the grant, a held part when it is
 * released. What was spent stays spent. Doing it again answers the same and writes nothing. Locks the wallet. Errors: not_found (also of
 * the other mode), forbidden, invalid_state (a dispute has frozen it).
 */
export async function voidGrant(
  actor: Extract<Actor, { kind: 'key' }>,
  id: string,
  clock: Clock,
): Promise<Result<GrantAnswer, PurserError>> {
  const uuid = readId('grt', id)
  const found = uuid === null ? null : await findGrant(uuid)
  const account = found === null ? null : await findAccount(found.accountId)
  if (found === null || account === null || account.mode !== actor.mode) {
    return err({ code: 'not_found', what: 'grant' })
  }
  if (!can(actor, 'grants:void', account)) return err({ code: 'forbidden' })
  const at = accountClock(account, clock).now()
  const origin = await findEntryAt(account.id, found.walletId, found.grant.sequence)
  const voided = await takeBack(found, { originId: origin?.id ?? null, actor: actorLabel(actor), at })
  if (!voided.ok) return voided
  announceBalance(account.id)
  const { assetCode, scale } = found
  return ok(toGrantAnswer(voided.value, { organizationId: account.organizationId, assetCode, scale }, at))
}

type Voiding = { readonly originId: string | null; readonly actor: string; readonly at: Date }

async function takeBack(found: OwnedGrant, voiding: Voiding): Promise<Result<GrantState, PurserError>> {
  const { accountId, grant, assetCode, scale } = found
  const { at } = voiding
  return inTransaction(async (tx) => {
    const locked = await lockBook(tx, accountId, { assetCode, scale, memberId: grant.memberId }, at)
    const before = withGrants(locked, await readGrants(tx, accountId, [grant.id]))
    const due = withDueEntries(before, at)
    const decided = decideVoid(due.book, grant.id, at)
    if (!decided.ok) return err({ code: 'invalid_state', message: FROZEN })
    const { book, entries } = decided.value
    const written = [...due.entries, ...entries.map((draft) => voidEntry(draft, grant, voiding))]
    if (book !== before) await saveBook(tx, before, book, written)
    return ok(grantOf(book, grant.id))
  })
}

const FROZEN = 'A dispute has frozen this grant. Void it once the dispute is decided.'

function voidEntry(draft: EntryDraft, grant: GrantState, { originId, actor, at }: Voiding): NewEntry {
  return {
    draft,
    details: {
      id: newId(),
      createdAt: at,
      idempotencyKey: `void:${grant.id}`,
      actor,
      description: `Taken back: ${grant.purpose}`,
      references: { grant: grant.id, reverses: originId },
    },
  }
}
