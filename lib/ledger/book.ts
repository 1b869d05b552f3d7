import { amount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import { compareSpendingOrder } from './spending-order'
import type { Book, EntryDraft, EntryKind, GrantState, WalletState } from './types'

/**
 * A picture of a wallet and its grants, in whatever order they were read. The caller holds the wallet's row lock.
 * Throws when a grant is another's: a Lite member's wallet holds that member's own grants, the organization's none of them.
 */
export function openBook(wallet: WalletState, grants: readonly GrantState[]): Book {
  const stray = grants.find((grant) => grant.memberId !== wallet.memberId)
  if (stray !== undefined) throw new Error(`grant ${stray.id} does not belong in wallet ${wallet.id}`)
  return { wallet, grants: [...grants].sort(compareSpendingOrder) }
}

/** Adds grants that the book does not hold yet, such as the depleted ones that a reversal feeds again. Those it holds stay as they are. */
export function withGrants(book: Book, grants: readonly GrantState[]): Book {
  const known = new Set(book.grants.map((grant) => grant.id))
  const added = grants.filter((grant) => !known.has(grant.id))
  return added.length === 0 ? book : openBook(book.wallet, [...book.grants, ...added])
}

/** The grants of `after` that are new or differ from `before`: what has to be written. */
export function changedGrants(before: Book, after: Book): readonly GrantState[] {
  if (before.grants === after.grants) return []
  const known = new Set(before.grants)
  return after.grants.filter((grant) => !known.has(grant))
}

/** What of a grant neither a hold has pinned nor anyone spent. */
export function freeOf(grant: GrantState): Amount {
  return amount(grant.remaining - grant.held)
}

/** Where a grant is in the book. Throws when it is missing: the caller has to load every grant that an operation names. */
export function indexOfGrant(book: Book, grantId: string): number {
  const index = book.grants.findIndex((grant) => grant.id === grantId)
  if (index < 0) throw new Error(`grant ${grantId} is not in the book of wallet ${book.wallet.id}`)
  return index
}

/** The grant of that id. Throws when it is missing. */
export function grantOf(book: Book, grantId: string): GrantState {
  return grantAt(book.grants, indexOfGrant(book, grantId))
}

/** The book with one grant changed. What the spending order looks at must not change. */
export function replaceGrant(book: Book, grant: GrantState): Book {
  const grants = book.grants.slice()
  grants[indexOfGrant(book, grant.id)] = grant
  return { wallet: book.wallet, grants }
}

/** The book with a new grant in its place of the spending order. */
export function insertGrant(book: Book, grant: GrantState): Book {
  const after = book.grants.findIndex((other) => compareSpendingOrder(grant, other) < 0)
  return { wallet: book.wallet, grants: book.grants.toSpliced(after < 0 ? book.grants.length : after, 0, grant) }
}

/** One change of one grant by an entry: `remaining` and `held` change by signed amounts. */
export type GrantMove = {
  readonly index: number
  readonly remaining: bigint
  readonly held?: bigint
}

/** What an entry does to a wallet. */
export type Movement = {
  readonly kind: EntryKind
  readonly occurredAt: Date
  readonly moves: readonly GrantMove[]
  readonly debtChange: bigint
}

/** A book after an entry, and the entry. */
export type Posting = {
  readonly book: Book
  readonly entry: EntryDraft
}

/** Writes one entry: the only place where sequences, running balances and allocations are made. Throws when a figure leaves its range. */
export function post(book: Book, movement: Movement): Posting {
  const { grants, heldChange } = moveGrants(book, movement.moves)
  let change = -movement.debtChange
  const allocations = movement.moves.map((move, position) => {
    change += move.remaining
    return { grantId: grantAt(grants, move.index).id, amount: amount(move.remaining), order: position + 1 }
  })
  const wallet: WalletState = {
    ...book.wallet,
    balance: amount(book.wallet.balance + change),
    held: amount(book.wallet.held + heldChange),
    debt: notNegative(book.wallet.debt + movement.debtChange, 'debt'),
    lastSequence: book.wallet.lastSequence + 1n,
  }
  const entry: EntryDraft = {
    kind: movement.kind,
    sequence: wallet.lastSequence,
    amount: amount(change),
    balanceAfter: wallet.balance,
    debtChange: amount(movement.debtChange),
    occurredAt: movement.occurredAt,
    allocations,
  }
  return { book: { wallet, grants }, entry }
}

/** Pins or frees parts of grants without an entry: held is not spent. */
export function moveHeld(book: Book, moves: readonly { readonly index: number; readonly held: bigint }[]): Book {
  const { grants, heldChange } = moveGrants(
    book,
    moves.map((move) => ({ ...move, remaining: ZERO_AMOUNT })),
  )
  return { wallet: { ...book.wallet, held: notNegative(book.wallet.held + heldChange, 'held') }, grants }
}

/** The grant at a place that is known to exist. */
export function grantAt(grants: readonly GrantState[], index: number): GrantState {
  const grant = grants[index]
  if (grant === undefined) throw new Error(`no grant at ${index}`)
  return grant
}

function moveGrants(book: Book, moves: readonly GrantMove[]) {
  if (moves.length === 0) return { grants: book.grants, heldChange: 0n }
  const grants = book.grants.slice()
  let heldChange = 0n
  for (const { index, remaining, held = 0n } of moves) {
    const before = grantAt(grants, index)
    const after = {
      ...before,
      remaining: amount(before.remaining + remaining),
      held: notNegative(before.held + held, 'held'),
    }
    if (after.held > after.remaining || after.remaining > after.amount) {
      throw new RangeError(`grant ${before.id}: 0 ≤ held ≤ remaining ≤ amount does not hold`)
    }
    grants[index] = after
    heldChange += held
  }
  return { grants, heldChange }
}

function notNegative(value: bigint, what: string): Amount {
  if (value < 0n) throw new RangeError(`${what} must not be negative: ${value}`)
  return amount(value)
}
