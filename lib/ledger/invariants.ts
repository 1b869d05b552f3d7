import { canonicalLine, GENESIS_HASH, type CanonicalEntry } from './canonical'
import { pinnedBy } from './hold'
import { isScoped, isSpendable } from './spending-order'
import type { Book, GrantState, HoldState } from './types'

/** An invariant of ledger.md that a picture of a wallet breaks: which one, about what, and the two figures that ought to agree. */
export type Breach = {
  readonly invariant: 1 | 2 | 5
  readonly subject: string
  readonly expected: bigint
  readonly found: bigint
}

/**
 * Checks invariants 1, 2 and 5 on a book that holds every grant with something remaining. Invariant 5 depends on the instant: call it
 * with one at which what was due is booked. With `holds`, all open ones of the wallet, the pins are matched grant by grant.
 */
export function findBreaches(book: Book, at: Date, holds?: readonly HoldState[]): readonly Breach[] {
  const { wallet, grants } = book
  const remaining = sum(grants, (grant) => grant.remaining)
  const held = sum(grants, (grant) => grant.held)
  const breaches: Breach[] = []
  const check = (invariant: Breach['invariant'], subject: string, expected: bigint, found: bigint) => {
    if (expected !== found) breaches.push({ invariant, subject, expected, found })
  }
  check(1, `balance of wallet ${wallet.id}`, remaining - wallet.debt, wallet.balance)
  check(2, `held of wallet ${wallet.id}`, held, wallet.held)
  for (const grant of grants) {
    check(2, `held of grant ${grant.id}`, clamp(grant.held, 0n, grant.remaining), grant.held)
    check(2, `remaining of grant ${grant.id}`, clamp(grant.remaining, 0n, grant.amount), grant.remaining)
    if (holds !== undefined) check(2, `pins of grant ${grant.id}`, pinsOf(grant, holds), grant.held)
  }
  if (holds !== undefined) check(2, `holds of wallet ${wallet.id}`, sum(holds, pinnedBy), wallet.held)
  const idle = sum(grants, (grant) =>
    !isScoped(grant.scope) && isSpendable(grant, at) ? grant.remaining - grant.held : 0n,
  )
  if (wallet.debt > 0n) check(5, `unscoped credit beside the debt of wallet ${wallet.id}`, 0n, idle)
  check(5, `debt of wallet ${wallet.id}`, clamp(wallet.debt, 0n, wallet.debt), wallet.debt)
  return breaches
}

/** An entry as it was read back, with the hash that was written. */
export type ChainedEntry = CanonicalEntry & { readonly hash: string }

/** What is wrong with an entry: a gap in the sequence, a wrong running balance, allocations that do not add up, a broken link, a wrong hash. */
export type ChainBreach = {
  readonly sequence: bigint
  readonly problem: 'sequence' | 'balance' | 'allocations' | 'link' | 'hash'
}

/** Where a verification stands, so that a long journal can be verified page by page. */
export type ChainPosition = {
  readonly sequence: bigint
  readonly balance: bigint
  readonly hash: string
}

/** Before the first entry of a wallet. */
export const CHAIN_START: ChainPosition = { sequence: 0n, balance: 0n, hash: GENESIS_HASH }

/**
 * Verifies a wallet's entries in order of sequence: dense, running sum, Σ allocations − debt change = amount, linked, hashed (invariant 3).
 * `sha256` answers in lower-case hex. Returns every breach and where to go on.
 */
export function verifyChain(
  entries: readonly ChainedEntry[],
  sha256: (text: string) => string,
  start: ChainPosition = CHAIN_START,
): { readonly breaches: readonly ChainBreach[]; readonly end: ChainPosition } {
  const breaches: ChainBreach[] = []
  let position = start
  for (const entry of entries) {
    const fed = sum(entry.allocations, (allocation) => allocation.amount)
    const isRight: Record<ChainBreach['problem'], boolean> = {
      sequence: entry.sequence === position.sequence + 1n,
      balance: entry.balanceAfter === position.balance + entry.amount,
      allocations: fed - entry.debtChange === entry.amount,
      link: entry.previousHash === position.hash,
      hash: entry.hash === sha256(canonicalLine(entry)),
    }
    for (const problem of PROBLEMS) if (!isRight[problem]) breaches.push({ sequence: entry.sequence, problem })
    position = { sequence: entry.sequence, balance: entry.balanceAfter, hash: entry.hash }
  }
  return { breaches, end: position }
}

const PROBLEMS = ['sequence', 'balance', 'allocations', 'link', 'hash'] as const

function pinsOf(grant: GrantState, holds: readonly HoldState[]): bigint {
  return sum(holds, (hold) => sum(hold.parts, (part) => (part.grantId === grant.id ? part.held : 0n)))
}

function sum<Item>(items: readonly Item[], figure: (item: Item) => bigint): bigint {
  return items.reduce((total, item) => total + figure(item), 0n)
}

function clamp(value: bigint, low: bigint, high: bigint): bigint {
  if (value < low) return low
  return value > high ? high : value
}
