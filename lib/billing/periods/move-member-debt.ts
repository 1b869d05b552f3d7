import 'server-only'

import { actorLabel, type Actor } from '@/lib/auth/rules/actor'
import { accountClock, type Clock } from '@/lib/clock'
import { lockMember, type AccountMember } from '@/lib/db/account-members'
import { readAccountPlan } from '@/lib/db/account-plans'
import { announceBalance } from '@/lib/db/announce'
import { lockBooks, type WalletName } from '@/lib/db/books'
import { enqueueRecharge, enqueueSettlement } from '@/lib/db/charge-jobs'
import { withDueEntries } from '@/lib/db/due'
import { newId } from '@/lib/db/ids'
import { saveBook, type NewEntry } from '@/lib/db/journal'
import { listIndebtedProMembers, readIndebtedWallets } from '@/lib/db/member-debt'
import { inTransaction, type Tx } from '@/lib/db/pool'
import { post } from '@/lib/ledger/book'
import { spend } from '@/lib/ledger/spend'
import type { Book, EntryDraft } from '@/lib/ledger/types'

/**
 * Looks for Pro members whose own wallets owe something: what was authorized from a Lite allocation and captured since they went to Pro
 * beyond what was left there. The pool pays it. Doing it again writes nothing.
 */
export async function moveMemberDebts(
  actor: Extract<Actor, { kind: 'job' }>,
  accountId: string,
  clock: Clock,
): Promise<void> {
  for (const id of await listIndebtedProMembers(accountId)) {
    await inTransaction(async (tx) => {
      const member = await lockMember(tx, accountId, id)
      const at = accountClock(await readAccountPlan(accountId, tx), clock).now()
      await moveMemberDebt(tx, actor, member, at)
    })
    announceBalance(accountId)
  }
}

/**
 * Lets the pool pay what a Pro member's own wallets owe: no allocation will repay it any more, and the pool is open to them. A pair of
 * `adjustment` entries for each asset: the debt is gone from the member's wallet, and drawn in the pool in spending order, the rest as debt.
 * Of anybody else nothing is moved. The member is locked; locks the pool's wallets, then theirs.
 */
export async function moveMemberDebt(tx: Tx, actor: Actor, member: AccountMember, at: Date): Promise<void> {
  if (member.seat !== 'pro') return
  const { accountId } = member
  const own = await readIndebtedWallets(tx, accountId, member.id)
  if (own.length === 0) return
  const pools = own.map((name): WalletName => ({ ...name, memberId: null }))
  const books = await lockBooks(tx, accountId, [...pools, ...own], at)
  for (const [index, pool] of books.slice(0, own.length).entries()) {
    const wallet = books[own.length + index]
    if (wallet !== undefined) await move(tx, { actor, member, at }, pool, wallet)
  }
  await enqueueRecharge(tx, accountId)
  await enqueueSettlement(tx, accountId, 'other')
}

type Moving = { readonly actor: Actor; readonly member: AccountMember; readonly at: Date }

/** A pool that cannot owe so much leaves the debt where it is. */
async function move(tx: Tx, moving: Moving, poolBefore: Book, ownBefore: Book): Promise<void> {
  const { at } = moving
  const own = withDueEntries(ownBefore, at)
  const { debt } = own.book.wallet
  if (debt === 0n) return
  const pool = withDueEntries(poolBefore, at)
  const request = { amount: debt, kind: 'adjustment', context: { at }, occurredAt: at, shortfall: 'debt' } as const
  const paid = spend(pool.book, request)
  if (!paid.ok) return
  const cleared = post(own.book, { kind: 'adjustment', occurredAt: at, moves: [], debtChange: -debt })
  const place = `${ownBefore.wallet.id}:${cleared.entry.sequence}`
  await saveBook(tx, poolBefore, paid.value.book, [...pool.entries, line(moving, `${place}:pool`, paid.value.entry)])
  await saveBook(tx, ownBefore, cleared.book, [...own.entries, line(moving, `${place}:own`, cleared.entry)])
}

function line({ actor, member, at }: Moving, place: string, draft: EntryDraft): NewEntry {
  return {
    draft,
    details: {
      id: newId(),
      createdAt: at,
      idempotencyKey: `member_debt:${place}`,
      actor: actorLabel(actor),
      description: `Paid from the pool: what ${member.name ?? member.externalId} owed before going to Pro`,
      references: {},
    },
  }
}
