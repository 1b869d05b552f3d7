import type { Amount } from '@/lib/money/amount'
import type { Cents } from '@/lib/money/cents'

/** One asset of one billing account, or of one Lite member, as it stands under its row lock. */
export type WalletState = {
  readonly id: string
  readonly accountId: string
  readonly assetCode: string
  readonly scale: number
  /** The Lite member whose wallet this is; null for the organization's own. */
  readonly memberId: string | null
  /** Σ entries: may be negative, includes credit that is upcoming, held or frozen. */
  readonly balance: Amount
  readonly held: Amount
  /** Usage that happened and was not covered. Never negative. */
  readonly debt: Amount
  /** The sequence of the newest entry, 0 before the first. */
  readonly lastSequence: bigint
  /** The hash of the newest entry, `GENESIS_HASH` before the first. Pure code passes it through; whoever hashes moves it on. */
  readonly lastHash: string
  /** When the newest entry was written; null before the first. No line of a journal is written before the line above it. */
  readonly lastEntryAt: Date | null
}

/** What a grant may be spent on. A list that is present must name the usage's value; a list that is absent allows any. */
export type Scope = {
  readonly meters?: readonly string[]
  readonly models?: readonly string[]
  readonly members?: readonly string[]
  readonly features?: readonly string[]
}

/** Where a grant's credit came from. */
export type GrantSource =
  'purchase' | 'recharge' | 'settlement' | 'coupon' | 'contract' | 'trial' | 'promo' | 'plan' | 'lite' | 'adjustment'

/** A lot of credits. Invariant 2: `0 ≤ held ≤ remaining ≤ amount`. */
export type GrantState = {
  readonly id: string
  /** The sequence of the entry that made the grant: the last tie-breaker of the spending order. */
  readonly sequence: bigint
  readonly source: GrantSource
  readonly purpose: string
  readonly priority: number
  readonly scope: Scope | null
  /** The Lite member who alone may spend it; always the wallet's `memberId`. */
  readonly memberId: string | null
  readonly amount: Amount
  readonly remaining: Amount
  /** What open holds have pinned of `remaining`. */
  readonly held: Amount
  readonly costBasisCents: Cents
  readonly effectiveAt: Date
  readonly expiresAt: Date | null
  readonly frozen: boolean
  readonly voided: boolean
  readonly paymentId: string | null
}

/** A grant that is about to be made: the ledger adds amount, sequence and member. */
export type NewGrant = Pick<
  GrantState,
  'id' | 'source' | 'purpose' | 'priority' | 'scope' | 'costBasisCents' | 'effectiveAt' | 'expiresAt' | 'paymentId'
>

/**
 * One wallet and its grants, immutable, taken under the wallet's row lock. Made by `openBook`.
 * Holds every grant with something remaining, and any depleted one that an operation names (`withGrants`).
 */
export type Book = {
  readonly wallet: WalletState
  /** In spending order. */
  readonly grants: readonly GrantState[]
}

/** The kinds of entry of ledger.md. `settlement` is a card charge that repays debt, or (amount 0) debt repaid by credit that came free. */
export type EntryKind =
  | 'purchase'
  | 'recharge'
  | 'grant'
  | 'coupon'
  | 'usage'
  | 'expiry'
  | 'refund'
  | 'dispute'
  | 'reversal'
  | 'adjustment'
  | 'settlement'

/** How much an entry drew from a grant (negative) or fed it (positive), and as which of its allocations, from 1. */
export type Allocation = {
  readonly grantId: string
  readonly amount: Amount
  readonly order: number
}

/**
 * What pure code decides about an entry. `amount = Σ allocations − debtChange`, where `debtChange` is the change of `wallet.debt`.
 * `EntryDetails` and the hash are added by whoever appends it.
 */
export type EntryDraft = {
  readonly kind: EntryKind
  readonly sequence: bigint
  readonly amount: Amount
  readonly balanceAfter: Amount
  readonly debtChange: Amount
  readonly occurredAt: Date
  readonly allocations: readonly Allocation[]
}

/** What the caller adds to a draft before it is hashed and appended. */
export type EntryDetails = {
  readonly id: string
  readonly createdAt: Date
  readonly idempotencyKey: string
  readonly actor: string
  readonly description: string
  /** Ids by name (`payment`, `event`, `hold`, `reverses` …); absent ones are left out or null. */
  readonly references: Readonly<Record<string, string | null>>
}

/** The status of a hold as api.md names it. */
export type HoldStatus = 'open' | 'captured' | 'released' | 'expired'

/** What a hold still pins of one grant. */
export type HoldPart = {
  readonly grantId: string
  readonly held: Amount
}

/** Credits set aside by an authorization. */
export type HoldState = {
  readonly id: string
  /** What was authorized: the pinned parts at first, plus what an overdraft allowed beyond them. */
  readonly amount: Amount
  /** Cumulative, including what was captured beyond the hold or late. */
  readonly captured: Amount
  /** Cumulative. */
  readonly released: Amount
  readonly status: HoldStatus
  readonly expiresAt: Date
  /** In the order in which they were pinned; what is captured comes off the first part first. Empty parts are kept at 0. */
  readonly parts: readonly HoldPart[]
}

/** The instant of a decision and what is known about the usage that is to be paid, by the names that scopes use. */
export type SpendContext = {
  readonly at: Date
  readonly meter?: string
  readonly model?: string
  readonly member?: string
  readonly feature?: string
}

/**
 * What happens to the part that no grant covers: refused, allowed while the wallet's debt stays within a limit, or recorded as debt
 * whatever it comes to. A caller with open holds beyond their grants takes those off the limit first.
 */
export type Shortfall = 'refuse' | 'debt' | { readonly overdraftLimit: Amount }

/** Why credits were refused. `available` is what this very request could have spent (api.md). */
export type InsufficientCredits = {
  readonly code: 'insufficient_credits'
  readonly required: Amount
  readonly available: Amount
}

/** An amount would leave the range that a wallet can hold (`LARGEST_AMOUNT`). */
export type OutOfRange = { readonly code: 'out_of_range' }
