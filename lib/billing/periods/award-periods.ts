import 'server-only'

import { actorLabel, type Actor, type Mode } from '@/lib/auth/rules/actor'
import { lockBooks } from '@/lib/db/books'
import { readCatalogue } from '@/lib/db/catalogue'
import { withDueEntries } from '@/lib/db/due'
import { findEntryAt } from '@/lib/db/entries'
import { newId } from '@/lib/db/ids'
import { saveBook, type NewEntry } from '@/lib/db/journal'
import {
  addPeriodGrant,
  countPeriodGrants,
  emptyPeriodGrant,
  readPeriodGrants,
  type PeriodGrant,
  type PeriodOwner,
} from '@/lib/db/period-grants'
import type { Tx } from '@/lib/db/pool'
import { credit } from '@/lib/ledger/credit'
import type { Book, EntryDraft, GrantState, NewGrant } from '@/lib/ledger/types'
import { voidGrant } from '@/lib/ledger/void'
import { amount, LARGEST_AMOUNT, smallerAmount } from '@/lib/money/amount'
import type { Cents } from '@/lib/money/cents'

import { decideAwards, horizonOf, type Award, type PeriodTerms } from '../rules/period-awards'

/** Whose periods these are, and what is written about what they give. */
export type Awarding = {
  readonly account: { readonly id: string; readonly mode: Mode; readonly clockAt: Date | null }
  readonly owner: PeriodOwner
  /** The Lite member whose wallets are fed; null: the pool's. */
  readonly memberId: string | null
  readonly terms: PeriodTerms
  /** What the grants are for, in words that people read. */
  readonly purpose: string
  /** What a grant was paid for; 0: free. */
  readonly costBasisCents: Cents
  readonly actor: Actor
  /** The instant of the decision, by the account's clock. */
  readonly at: Date
}

/**
 * Grants what the periods up to the horizon give and was not granted yet, and takes back what was granted early and is no longer right
 * (`decideAwards`). Call under the lock of what grants: the account, the member or the contract; locks the wallets after it. Answers when
 * to look again. The journal refuses a second entry for the same grant of a period, whatever became of the notes about it.
 */
export async function awardPeriods(tx: Tx, awarding: Awarding): Promise<Date | null> {
  const { account, owner, memberId, terms, at } = awarding
  const granted = await readPeriodGrants(tx, account.id, owner, terms.spanAt(at)?.start ?? at)
  const { withdrawals, awards, nextAt } = decideAwards(terms, granted, at, horizonOf(at, account.clockAt))
  const codes = [...new Set([...withdrawals, ...awards].map(({ assetCode }) => assetCode))]
  if (codes.length === 0) return nextAt

  const { assets } = await readCatalogue(account.mode, tx)
  const names = codes.map((assetCode) => {
    const asset = assets.get(assetCode)
    if (asset === undefined) throw new Error(`asset ${assetCode} is granted each period and does not exist`)
    return { assetCode, scale: asset.scale, memberId }
  })
  for (const before of await lockBooks(tx, account.id, names, at)) {
    const isOfBook = (period: { readonly assetCode: string }) => period.assetCode === before.wallet.assetCode
    await saveAwards(tx, awarding, before, withdrawals.filter(isOfBook), awards.filter(isOfBook))
  }
  return nextAt
}

async function saveAwards(
  tx: Tx,
  awarding: Awarding,
  before: Book,
  withdrawals: readonly PeriodGrant[],
  awards: readonly Award[],
): Promise<void> {
  const { account, owner, at } = awarding
  const due = withDueEntries(before, at)
  const entries = [...due.entries]
  let book = due.book
  for (const period of withdrawals) {
    for (const grant of book.grants.filter(({ id }) => period.grantIds.includes(id))) {
      const voided = voidGrant(book, grant.id, at)
      if (!voided.ok) continue
      book = voided.value.book
      const origin = await findEntryAt(account.id, book.wallet.id, grant.sequence, tx)
      entries.push(...voided.value.entries.map((draft) => withdrawalEntry(awarding, draft, grant, origin?.id ?? null)))
    }
    await emptyPeriodGrant(tx, account.id, owner, period)
  }
  for (const award of awards) {
    const room = amount(LARGEST_AMOUNT - book.wallet.balance - book.wallet.debt)
    const size = smallerAmount(award.amount, room)
    if (size <= 0n) continue
    const grant = newGrant(awarding, award)
    const posted = credit(book, { kind: 'grant', amount: size, grant, at, occurredAt: at })
    if (!posted.ok) throw new Error(`wallet ${book.wallet.id} cannot hold what fits into it`)
    book = posted.value.book
    const times = await countPeriodGrants(tx, account.id, owner, award)
    const grantIds = posted.value.grant === null ? [] : [posted.value.grant.id]
    entries.push(awardEntry(awarding, award, posted.value.entry, grantIds[0] ?? null, times))
    await addPeriodGrant(tx, account.id, owner, { ...award, granted: size, grantIds })
  }
  await saveBook(tx, before, book, entries)
}

function newGrant({ owner, purpose, costBasisCents }: Awarding, { start, end }: Award): NewGrant {
  return {
    id: newId(),
    source: owner.source,
    purpose,
    priority: 50,
    scope: null,
    costBasisCents,
    effectiveAt: start,
    expiresAt: end,
    paymentId: null,
  }
}

function awardEntry(
  { owner, purpose, actor, at }: Awarding,
  { assetCode, start }: Award,
  draft: EntryDraft,
  grantId: string | null,
  times: number,
): NewEntry {
  const subject = owner.subject === '' ? '' : `${owner.subject}:`
  const key = `${owner.source}:${subject}${start.toISOString()}:${assetCode}`
  return {
    draft,
    details: {
      id: newId(),
      createdAt: at,
      idempotencyKey: times === 0 ? key : `${key}:${times + 1}`,
      actor: actorLabel(actor),
      description: purpose,
      references: { grant: grantId },
    },
  }
}

function withdrawalEntry(
  { actor, at }: Awarding,
  draft: EntryDraft,
  { id: grantId, purpose }: GrantState,
  originId: string | null,
): NewEntry {
  return {
    draft,
    details: {
      id: newId(),
      createdAt: at,
      idempotencyKey: `void:${grantId}`,
      actor: actorLabel(actor),
      description: `Taken back before it began: ${purpose}`,
      references: { grant: grantId, reverses: originId },
    },
  }
}
