import type {
  AssetDto,
  BalanceDto,
  CardDto,
  Decimal,
  Dollars,
  Instant,
  OrganizationDto,
  ViewerRightsDto,
} from './contract'

/** The buy page. All figures rest on `now`. */
export type BuyPageDto = {
  readonly now: Instant
  readonly organization: OrganizationDto
  readonly rights: ViewerRightsDto
  readonly balance: BalanceDto
  /** Credits for one dollar, at most six decimals. */
  readonly creditsPerUsd: Decimal
  readonly minimumUsd: Dollars
  readonly maximumUsd: Dollars
  /** Amounts of the chips, rising. */
  readonly packsUsd: readonly Dollars[]
  /** Chosen at first sight; from `?amount=` when it is valid. */
  readonly selectedUsd: Dollars
  /** When credits bought now expire; null = never. */
  readonly expiresAt: Instant | null
  /** Null while it cannot be told. */
  readonly averagePerDay: Decimal | null
  readonly savedCard: CardDto | null
  /** One submission = one token: the idempotency key of the purchase. */
  readonly formToken: string
}

/** The review page of a saved-card purchase: nothing is charged before its button. */
export type ReviewDto = {
  readonly now: Instant
  readonly organization: OrganizationDto
  readonly asset: AssetDto
  readonly amountUsd: Dollars
  /** What the wallet receives. */
  readonly credits: Decimal
  /** The part of `credits` that repays debt first; "0" when none. */
  readonly settlesDebt: Decimal
  readonly newBalance: Decimal
  readonly expiresAt: Instant | null
  readonly lastsDays: number | null
  readonly card: CardDto
  readonly receiptEmail: string
  readonly formToken: string
}

/** What became of a payment. Driven by the ledger: `added` exists only once the entry does. */
export type PaymentResultDto = {
  readonly organization: OrganizationDto
  readonly asset: AssetDto
  readonly amountUsd: Dollars
} & (
  | { readonly status: 'confirming' | 'processing' | 'cancelled' }
  | {
      /** `already_added`: this page was loaded again; no second credit was made. */
      readonly status: 'added' | 'already_added'
      readonly credits: Decimal
      readonly balance: Decimal
      readonly expiresAt: Instant | null
      readonly entryId: string
      readonly receipt: { readonly number: string; readonly href: string } | null
    }
  | {
      readonly status: 'declined'
      readonly card: CardDto | null
      /** Stripe's decline code. */ readonly declineCode: string
    }
  | { readonly status: 'requires_action'; readonly card: CardDto | null; readonly confirmUrl: string }
)
