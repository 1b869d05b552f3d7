import 'server-only'

import type { Actor, Mode } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import type { StoredHold } from '@/lib/db/holds'
import type { OnceKey } from '@/lib/db/idempotency'
import type { RecordedUsage } from '@/lib/db/usage-events'
import type { PurserError } from '@/lib/errors'
import type { Quantity, UnitPrice } from '@/lib/money/quantity'
import type { Result } from '@/lib/result'

import type { UsageEvent } from '../rules/usage-event'

/** The billing account that usage is decided for. What decides about it besides money is read anew under its version. */
export type UsageAccount = { readonly id: string; readonly organizationId: string; readonly mode: Mode }

/** Who asks, for which account, and by which clock: the account's own, when it has one. */
type Asked = { readonly actor: Actor; readonly account: UsageAccount; readonly clock: Clock }

/** What is used, and by whom, by the names that prices, scopes and limits use. */
export type UsageSubject = Pick<UsageEvent, 'member' | 'key' | 'resource' | 'model' | 'feature' | 'dimensions'>

/**
 * Record a usage event. `may_refuse`: policy and limits decide whether it happens. `must_record`: it has happened, so all of it is recorded
 * and what credit does not cover becomes debt (api.md, Readings).
 */
export type RecordRequest = Asked & {
  readonly kind: 'record'
  readonly event: UsageEvent
  readonly obligation: 'may_refuse' | 'must_record'
}

/** What is to be authorized: a quantity of a meter, or an amount of an asset. */
export type AuthorizationSize =
  | { readonly meter: string; readonly quantity: Quantity }
  | { readonly asset: string; readonly amountText: string; readonly meter: string | null }

/** Set credits aside. */
export type AuthorizeRequest = Asked & {
  readonly kind: 'authorize'
  readonly holdId: string
  readonly size: AuthorizationSize
  readonly subject: UsageSubject
  readonly expiresInSeconds: number
  readonly once: OnceKey
}

/** Charge usage to a hold. `hold` is as it was found: only what never changes of it counts, the rest is read again under the lock. */
export type CaptureRequest = Asked & {
  readonly kind: 'capture'
  readonly hold: StoredHold
  readonly eventId: string
  readonly size: { readonly quantity: Quantity } | { readonly amountText: string }
  readonly isFinal: boolean
  readonly dimensions: Readonly<Record<string, string>>
  readonly cost: UnitPrice | null
  readonly occurredAt: Date | null
  readonly once: OnceKey
}

/** Free what a hold still pins. */
export type ReleaseRequest = Asked & { readonly kind: 'release'; readonly hold: StoredHold }

/** Move the expiry of a hold. */
export type ExtendRequest = Asked & {
  readonly kind: 'extend'
  readonly hold: StoredHold
  readonly expiresInSeconds: number
}

/** Expire a hold that is past its time: whatever opens its wallet does that, so this asks for nothing else. */
export type ExpireRequest = Asked & { readonly kind: 'expire'; readonly hold: StoredHold }

/** Everything that is decided at the desk. */
export type DeskRequest =
  RecordRequest | AuthorizeRequest | CaptureRequest | ReleaseRequest | ExtendRequest | ExpireRequest

/** What became of a usage event. `isDuplicate`: these are the figures of the first time. */
export type UsageOutcome = RecordedUsage & { readonly isDuplicate: boolean }

/** What became of a hold: the answer as JSON text, so that a replay is answered to the letter. */
export type HoldAnswered = { readonly answer: string; readonly isReplay: boolean }

/** What was decided about a request. */
export type DeskOutcome =
  { readonly kind: 'usage'; readonly usage: UsageOutcome } | { readonly kind: 'hold'; readonly hold: HoldAnswered }

/** A decision, or why nothing was done. */
export type Decision = Result<DeskOutcome, PurserError>
