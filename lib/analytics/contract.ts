// The history and explain-an-entry pages: ./history-contract. Buying: ./purchase-contract.

/** An exact decimal at the asset's scale: `"12.5"`, `"-0.0312"`. Plain digits, "-" for negative, no trailing zeros, never a float. */
export type Decimal = string
/** US dollars on a card as a decimal string with at most two decimals: `"50"`, `"81.25"`. */
export type Dollars = string
/** An instant in UTC, ISO 8601 with "Z". */
export type Instant = string
/** A calendar day `YYYY-MM-DD` in the billing account's time zone. */
type Day = string

/** What is held and spent. `name` is in the plural, as written after a number: "credits", "GPU hours". `usdPrice` is what one whole unit is worth in dollars; null when it has no dollar price. */
export type AssetDto = {
  readonly code: string
  readonly name: string
  readonly scale: number
  readonly usdPrice: Decimal | null
}

/** The organization and billing account that a page is about. `timeZone` is IANA. */
export type OrganizationDto = {
  readonly slug: string
  readonly name: string
  readonly mode: 'live' | 'test'
  readonly timeZone: string
}

/** What the viewer may do here; `ownerNames` are the people to ask when they may not. */
export type ViewerRightsDto = {
  readonly canBuy: boolean
  readonly canManageKeys: boolean
  readonly ownerNames: readonly string[]
}

/** One wallet. `available` = balance − held − not yet effective; `debt` is 0 or positive; `balance` may be negative. */
export type BalanceDto = {
  readonly asset: AssetDto
  readonly balance: Decimal
  readonly available: Decimal
  readonly held: Decimal
  readonly debt: Decimal
}

/** The frame around every page of an organization: `now` is the server's clock at rendering. */
export type ShellDto = {
  readonly now: Instant
  readonly organization: OrganizationDto
  /** Every organization the viewer belongs to, the current one included. */
  readonly organizations: readonly { readonly slug: string; readonly name: string; readonly role: string }[]
  readonly viewer: { readonly name: string; readonly email: string; readonly roleLabel: string }
  readonly canBuy: boolean
  readonly canSeeMembers: boolean
  readonly balance: BalanceDto
  /** Whole days until the balance runs out at the current rate; null while it cannot be told. */
  readonly runwayDays: number | null
}

/** When purchased credits expire: never, after days, or at the end of the contract. */
type ExpiryPolicyDto =
  | { readonly kind: 'never' }
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'contract_end'; readonly at: Instant | null }

/** The rules next to the balance, said in one sentence by `PolicySentence`. */
export type PolicyDto = {
  readonly expiry: ExpiryPolicyDto
  readonly atZero: 'deny' | 'pause_runs' | 'charge_card' | 'overdraft'
  /** Only with `overdraft`: how far below zero the balance may go. */
  readonly overdraftLimit: Decimal | null
}

/** The monthly allocation of a Lite member. */
export type AllocationDto = {
  readonly asset: AssetDto
  readonly amount: Decimal | null
  readonly renewsAt: Instant
}

/** A grant with something left. `forecastUnused` is what will expire unspent at the current rate ("0" = none, null = unknown). */
export type LotDto = {
  readonly id: string
  readonly kind: 'paid' | 'promo' | 'plan' | 'contract' | 'adjustment'
  readonly label: string
  readonly amount: Decimal
  readonly remaining: Decimal
  readonly effectiveAt: Instant
  /** Null = never. */
  readonly expiresAt: Instant | null
  /** What it may be spent on, in words ("embeddings only"); null = anything. */
  readonly restrictedTo: string | null
  readonly forecastUnused: Decimal | null
}

/** Spend of one day. `partial` is today so far; `projected` has not happened. `amount` is positive. */
export type SpendDayDto = {
  readonly day: Day
  readonly amount: Decimal
  readonly kind: 'actual' | 'partial' | 'projected'
}

/** How long the balance lasts, dropping grants when they expire. Low/high come from the lowest and highest day of the last 7. */
export type RunwayDto = {
  readonly days: number
  readonly lowDays: number
  readonly highDays: number
  readonly runsOutAt: Instant
  /** Days if nothing expired; equal to `days` when expiry makes no difference. */
  readonly daysWithoutExpiry: number
  readonly averagePerDay: Decimal
}

/** Month projection of ux.md section 7, with the days it rests on. */
export type ProjectionDto = {
  readonly low: Decimal
  readonly expected: Decimal
  readonly high: Decimal
  readonly basisDays: number
}

/** The auto-recharge card. `problem` is a finished sentence that says what to do; `on` needs the sizes. */
export type RechargeDto =
  | { readonly status: 'off' }
  | {
      readonly status: 'on' | 'paused'
      readonly threshold: Decimal
      readonly trigger: 'at_or_below' | 'below'
      /** `amount` adds `sizeUsd` dollars; `target` brings the balance back to `target` credits. */
      readonly size:
        { readonly kind: 'amount'; readonly usd: Dollars } | { readonly kind: 'target'; readonly to: Decimal }
      readonly monthlyCapUsd: Dollars | null
      readonly card: CardDto | null
      readonly problem: string | null
    }

/** A saved card. `brand` as people write it ("Visa"). */
export type CardDto = {
  readonly id: string
  readonly brand: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
}

/** A part of a page that may fail alone: the page still renders and this card offers Retry. */
export type SectionDto<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false }

/** Kinds of an entry, as in the ledger. */
export const ENTRY_KINDS = [
  'purchase',
  'recharge',
  'grant',
  'coupon',
  'usage',
  'expiry',
  'refund',
  'dispute',
  'reversal',
  'adjustment',
  'settlement',
] as const
export type EntryKindDto = (typeof ENTRY_KINDS)[number]

/** One line of the credit history. Pending and failed lines are payments that are not (yet) entries: they have no balance after. */
export type EntryRowDto = {
  readonly id: string
  readonly kind: EntryKindDto
  readonly status: 'booked' | 'pending' | 'failed'
  readonly occurredAt: Instant
  /** What it was, without amounts: "GPU M on llama-70b-awq", "Visa •••• 4242". */
  readonly description: string
  /** Who did it: "Key ci-runner", "Ana Ruiz"; null when nobody in particular. */
  readonly actor: string | null
  readonly asset: AssetDto
  /** Signed: usage negative. */
  readonly amount: Decimal
  readonly balanceAfter: Decimal | null
}

/** The overview page. */
export type OverviewDto = {
  readonly now: Instant
  readonly organization: OrganizationDto
  readonly rights: ViewerRightsDto
  /** The main wallet (the default asset). Decides the band. */
  readonly balance: BalanceDto
  /** Wallets of other assets, shown beside it. */
  readonly otherBalances: readonly BalanceDto[]
  /** `low` = runway under 3 days or at or below the alert threshold; `zero` = nothing available; `negative` = debt. */
  readonly band: 'ok' | 'low' | 'zero' | 'negative'
  readonly policy: PolicyDto
  /** What a Lite member gets on the 1st of each month, the next one at `renewsAt`; `amount` is null while they get nothing. Null for all others. */
  readonly allocation: AllocationDto | null
  readonly spentThisMonth: Decimal
  /** Same days of last month; null when there was no usage then. */
  readonly spentSameDaysLastMonth: Decimal | null
  /** Null under 3 complete days of usage. */
  readonly projection: ProjectionDto | null
  readonly runway: RunwayDto | null
  /** Requests refused for lack of credits since the balance ran out; null when none. */
  readonly rejections: { readonly since: Instant; readonly count: number } | null
  readonly hasUsage: boolean
  readonly setup: {
    readonly hasCredits: boolean
    readonly hasCard: boolean
    readonly hasKey: boolean
    readonly hasEvent: boolean
    /** A complete, copyable request that sends a first usage event. */
    readonly curl: string
  }
  /** 30 days that end today, then the projected rest of the month. */
  readonly dailySpend: SectionDto<readonly SpendDayDto[]>
  /** Soonest expiry first, at most 12. */
  readonly lots: SectionDto<readonly LotDto[]>
  readonly recharge: SectionDto<RechargeDto>
  /** Newest first, at most 6. */
  readonly recentActivity: SectionDto<readonly EntryRowDto[]>
  /** What cost most this month, at most 3. `sharePercent` is a decimal from 0 to 100. */
  readonly topCosts: SectionDto<
    readonly { readonly label: string; readonly amount: Decimal; readonly sharePercent: string }[]
  >
}

/** `at` is the same clock as `now` of the pages: the newer of the two is shown. `data` of `event: balance` on `/api/live?org=SLUG`: every wallet, as decimal strings. `asset` is the asset's code. */
export type LiveBalanceEvent = {
  readonly at: Instant
  readonly wallets: readonly {
    readonly asset: string
    readonly available: Decimal
    readonly balance: Decimal
    readonly held: Decimal
    readonly debt: Decimal
  }[]
}
