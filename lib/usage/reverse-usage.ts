import 'server-only'

import { actorLabel, type Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { findAccountNamed } from '@/lib/db/account-names'
import { announceBalance } from '@/lib/db/announce'
import { lockBook, readBooks, readGrants } from '@/lib/db/books'
import { describeDueEntries, withDueEntries } from '@/lib/db/due'
import { findEntry, readAllocations, type AllocationLine, type EntryLine } from '@/lib/db/entries'
import { doOnce, type OnceAnswer, type OnceKey } from '@/lib/db/idempotency'
import { newId, showId } from '@/lib/db/ids'
import { saveBook, type NewEntry } from '@/lib/db/journal'
import type { Account } from '@/lib/db/organizations'
import type { Tx } from '@/lib/db/pool'
import { readRepayments, readReversed } from '@/lib/db/reversals'
import { readUsageEvent } from '@/lib/db/usage-events'
import { invalidField, type PurserError } from '@/lib/errors'
import { withGrants } from '@/lib/ledger/book'
import { lapseFreed } from '@/lib/ledger/expire'
import { reverse, type Reversal, type ReversalPosting } from '@/lib/ledger/reverse'
import { inTurn } from '@/lib/ledger/settle'
import type { NewGrant, WalletState } from '@/lib/ledger/types'
import { cents } from '@/lib/money/cents'
import { err, ok, type Result } from '@/lib/result'

import { toEntryAnswer } from './entry-contract'
import type { ReversalInput } from './reversal-contract'
import { readReversalAmount, refuseExcess, remainderLifetime } from './rules/plan-reversal'

/** What a usage event charged, as the journal has it. None of it ever changes. */
type Charge = {
  readonly eventId: string
  readonly wallet: WalletState
  readonly entry: EntryLine
  readonly allocations: readonly AllocationLine[]
}

/** Who takes back how much of which charge, when. */
type TakingBack = { readonly account: Account; readonly charge: Charge; readonly actor: string; readonly at: Date }

/**
 * Takes back part or all of what a usage event charged, once per idempotency key, in the reverse of its recorded order and never more than
 * was charged. The event and the day's figures stay: they say what was used. Answers the `reversal` entry as JSON text (`EntryAnswer`).
 * Locks the key, then the wallet. Errors: not_found (organization, event), forbidden, invalid_state (it cost nothing), invalid_input
 * (`amount`), idempotency_conflict, idempotency_in_progress.
 */
export async function reverseUsage(
  actor: Extract<Actor, { kind: 'key' }>,
  eventId: string,
  input: ReversalInput,
  once: Omit<OnceKey, 'mode'>,
  clock: Clock,
): Promise<Result<OnceAnswer, PurserError>> {
  const account = await findAccountNamed(actor.mode, input.organization)
  if (account === null) return err({ code: 'not_found', what: 'organization' })
  if (!can(actor, 'usage:reverse', account)) return err({ code: 'forbidden' })
  const charge = await findCharge(account.id, eventId)
  if (!charge.ok) return charge
  const wanted = readReversalAmount(input.amount, charge.value.wallet.scale)
  if (!wanted.ok) return wanted
  const at = accountClock(account, clock).now()
  const taking = { account, charge: charge.value, actor: actorLabel(actor), at }
  const done = await doOnce({ ...once, mode: actor.mode }, clock.now(), (tx) =>
    takeBack(tx, taking, wanted.value, once.key),
  )
  if (done.ok && !done.value.isReplay) announceBalance(account.id)
  return done
}

async function findCharge(accountId: string, eventId: string): Promise<Result<Charge, PurserError>> {
  const event = eventId.includes('\u0000') ? null : await readUsageEvent(accountId, eventId)
  if (event === null) return err({ code: 'not_found', what: 'usage event' })
  if (event.entryId === null) {
    const message = 'This event was charged nothing, so there is nothing to take back.'
    return err({ code: 'invalid_state', message })
  }
  const [entry, allocations, books] = await Promise.all([
    findEntry(accountId, event.entryId),
    readAllocations(accountId, event.entryId),
    readBooks(accountId),
  ])
  const wallet = books.find((book) => book.wallet.id === entry?.walletId)?.wallet
  if (entry === null || wallet === undefined) throw new Error(`the entry of usage event ${eventId} is gone`)
  return ok({ eventId, wallet, entry, allocations })
}

/** Locks, sums up what was taken back before, decides, appends. */
async function takeBack(
  tx: Tx,
  taking: TakingBack,
  wanted: Reversal['amount'],
  key: string,
): Promise<Result<string, PurserError>> {
  const { account, charge, actor, at } = taking
  const { wallet, entry, allocations } = charge
  const locked = await lockBook(tx, account.id, wallet, at)
  const grantIds = [...new Set(allocations.map(({ grantId }) => grantId))]
  const before = withGrants(locked, await readGrants(tx, account.id, grantIds))
  const due = withDueEntries(before, at)
  const reversed = reverse(due.book, {
    original: { amount: entry.amount, debtChange: entry.debtChange, allocations },
    alreadyReversed: await readReversed(tx, account.id, entry.id),
    amount: wanted,
    remainder: await newRemainder(tx, taking),
    at,
    occurredAt: at,
  })
  if (!reversed.ok) {
    if (reversed.error.code === 'exceeds_charge') return err(refuseExcess(reversed.error.reversible, wallet.scale))
    return err(invalidField('amount', 'The wallet cannot hold that much. Use a smaller amount.'))
  }
  const { book, entries } = withoutLapsed(reversed.value, at)
  const [first, ...rest] = entries
  if (first === undefined) throw new Error('a reversal wrote no entry')
  const reversal = reversalEntry(first, taking, key)
  await saveBook(tx, before, book, [...due.entries, reversal, ...describeDueEntries(book, rest, at, actor)])
  const line = await findEntry(account.id, reversal.details.id, tx)
  if (line === null) throw new Error(`reversal ${reversal.details.id} was not written`)
  return ok(JSON.stringify(toEntryAnswer(line, { code: wallet.assetCode, scale: wallet.scale }, showId)))
}

/** Credit made of repaid debt whose time is over ends as it comes. */
function withoutLapsed({ grant, ...postings }: ReversalPosting, at: Date) {
  return grant === null ? postings : inTurn(postings, (current) => lapseFreed(current, [grant.id], at))
}

/** What becomes of the part that was debt and has been repaid since. */
async function newRemainder(tx: Tx, { account, charge, at }: TakingBack): Promise<NewGrant> {
  const { id: walletId } = charge.wallet
  const wasDebt = charge.entry.debtChange > 0n
  const place = { accountId: account.id, walletId, sequence: charge.entry.sequence, mode: account.mode }
  return {
    id: newId(),
    source: 'adjustment',
    purpose: `Taken back: ${charge.entry.description}`,
    priority: 50,
    scope: null,
    costBasisCents: cents(0n),
    ...remainderLifetime(wasDebt ? await readRepayments(tx, place) : [], at),
    paymentId: null,
  }
}

function reversalEntry(draft: NewEntry['draft'], { charge, actor, at }: TakingBack, key: string): NewEntry {
  const [only, ...others] = new Set(draft.allocations.map(({ grantId }) => grantId))
  return {
    draft,
    details: {
      id: newId(),
      createdAt: at,
      idempotencyKey: `reversal:${key}`,
      actor,
      description: `Taken back: ${charge.entry.description}`,
      references: {
        event: charge.eventId,
        reverses: charge.entry.id,
        grant: others.length === 0 ? (only ?? null) : null,
      },
    },
  }
}
