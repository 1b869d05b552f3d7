import { z } from 'zod'
import {
  ENTRY_KINDS,
  type AssetDto,
  type Decimal,
  type Dollars,
  type EntryRowDto,
  type Instant,
  type OrganizationDto,
} from './contract'

const RANGES = ['7d', '30d', '90d', 'all'] as const
const LONGEST_SEARCH = 100

/** A calendar day of a custom range. A day that the calendar does not have is no day. */
const dayField = z.iso.date().nullable().catch(null)

/**
 * Filters of the history page, read from its search parameters. A value that makes no sense falls back to the default:
 * a hand-typed or stale link still shows something. `type` and `cursor` arrive as given by the URL (`type` may repeat).
 */
export const historyFiltersSchema = z.object({
  range: z.enum(RANGES).catch('30d'),
  type: z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.enum(ENTRY_KINDS))).catch([]),
  /** First and last day of a custom range, in the account's time zone; either may be missing. They go before `range`. */
  from: dayField,
  to: dayField,
  /** Smallest amount, whatever its sign; a plain decimal. */
  min: z
    .string()
    .regex(/^(?:0|[1-9]\d{0,9})(?:\.\d{1,9})?$/)
    .nullable()
    .catch(null),
  /** The whole id of an entry, a request or a payment; or part of a description, a request id, a key, a member or a name. */
  q: z
    .string()
    .trim()
    .max(LONGEST_SEARCH)
    .refine((text) => !text.includes('\u0000'))
    .catch(''),
  /** Opaque; made by the read model. At most one of the two. */
  before: z.string().max(200).nullable().catch(null),
  after: z.string().max(200).nullable().catch(null),
  size: z.coerce
    .number()
    .pipe(z.literal([25, 50, 100]))
    .catch(25),
})
export type HistoryFilters = z.infer<typeof historyFiltersSchema>

/** The credit history page. */
export type HistoryPageDto = {
  readonly now: Instant
  readonly organization: OrganizationDto
  readonly asset: AssetDto
  readonly filters: HistoryFilters
  /** Newest first, at most `filters.size`. */
  readonly rows: readonly EntryRowDto[]
  /** Value for `?after=` (newer rows) and `?before=` (older rows); null at the ends. */
  readonly newerCursor: string | null
  readonly olderCursor: string | null
  /**
   * Over all booked rows that match, not only this page. `added` and `spent` are positive; `net` is signed. `isPartial`: a search or a
   * smallest amount looks at the newest lines of the range only, and there are older ones.
   */
  readonly subtotal: {
    readonly rows: number
    readonly added: Decimal
    readonly spent: Decimal
    readonly net: Decimal
    readonly isPartial: boolean
  }
  /** The place in the address was not one of this list (cut off, or made for other filters): the newest rows are shown instead. */
  readonly isCursorRefused: boolean
  /** False only when the account has no entry at all: tells first use from an empty filter. */
  readonly hasAnyEntry: boolean
}

/** One line of the arithmetic: `quantity` measured, `billed` after rounding, × `unitPrice` per `unit` = `amount` (positive). */
export type ArithmeticLineDto = {
  readonly label: string
  readonly unit: string
  readonly quantity: Decimal
  readonly billed: Decimal
  /** Null for a part that is free or covered. */
  readonly unitPrice: Decimal | null
  readonly amount: Decimal
  /** Why measured and billed differ, or why it is free: "rounded up to whole seconds", "cold start is free". */
  readonly note: string | null
}

/** A grant that the entry drew from or fed. `amount` is signed like the entry. */
export type AllocationDto = {
  readonly order: number
  readonly grantId: string
  readonly label: string
  readonly amount: Decimal
  /** What the grant has left now. */
  readonly remaining: Decimal
  readonly expiresAt: Instant | null
  /** Why it came at this place: "expires first", "scoped to embeddings". */
  readonly reason: string | null
}

/** Everything behind one entry. */
export type EntryExplanationDto = {
  readonly now: Instant
  readonly organization: OrganizationDto
  readonly entry: EntryRowDto
  /** Position in the wallet's journal, from 1. */
  readonly sequence: number
  /** What was metered; null for anything but usage. `subject` is the model or deployment. */
  readonly measured: {
    readonly what: string
    readonly quantity: Decimal
    readonly unit: string
    readonly subject: string | null
  } | null
  /** The card charge behind it; null when none. */
  readonly payment: { readonly usd: Dollars; readonly card: string | null } | null
  readonly arithmetic: readonly ArithmeticLineDto[]
  readonly price: { readonly name: string; readonly version: number; readonly effectiveFrom: Instant } | null
  readonly allocations: readonly AllocationDto[]
  /** Debt this entry made (positive) or repaid (negative); "0" when none. */
  readonly debtChange: Decimal
  readonly balanceBefore: Decimal
  readonly balanceAfter: Decimal
  /** Rows of "who": label and value, such as "Key" → "ci-runner", "Request" → "evt_…". */
  readonly who: readonly { readonly label: string; readonly value: string; readonly isCode: boolean }[]
  /** Ids with copy, and a link when there is a page: request, receipt, Stripe payment, the entry it reverses. */
  readonly links: readonly { readonly label: string; readonly id: string; readonly href: string | null }[]
  /** The amount computed again from what was stored. `matches` also covers the hash chain of this entry. */
  readonly recalculation: { readonly matches: boolean; readonly amount: Decimal }
}
