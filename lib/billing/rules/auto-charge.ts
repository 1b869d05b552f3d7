/** How charging the default card without a person stands. */
export type ChargeStatus = 'armed' | 'charging' | 'backing_off' | 'suspended'

/** Why it is suspended, or why it waits. */
export type ChargeTrouble = 'declined' | 'hard_decline' | 'requires_action' | 'refused' | 'no_card' | 'disputed'

/**
 * One account's charges without a person on the page (ledger.md, Recharge): one attempt at a time, whatever it is for, because what is
 * declined for one thing is declined for another.
 */
export type ChargeState = {
  readonly status: ChargeStatus
  /** Declines in a row. */
  readonly declines: number
  /** When it is tried again; null unless it is backing off. */
  readonly retryAt: Date | null
  /** The open attempt, or the last one that failed. */
  readonly paymentId: string | null
  readonly reason: ChargeTrouble | null
  /** What went wrong, in the bank's words. */
  readonly message: string | null
  /** The card that failed; another one re-arms. */
  readonly fingerprint: string | null
}

/** Why an attempt took no money. `refused`: Stripe cannot charge this card at all. `given_up`: nobody's fault, and no decline. */
export type ChargeFailure =
  | { readonly kind: 'declined'; readonly code: string; readonly message: string }
  | { readonly kind: 'requires_action' | 'refused' | 'no_card' | 'disputed'; readonly message: string }
  | { readonly kind: 'given_up' }

/** Nothing is open and nothing failed. */
export const ARMED: ChargeState = {
  status: 'armed',
  declines: 0,
  retryAt: null,
  paymentId: null,
  reason: null,
  message: null,
  fingerprint: null,
}

const HOUR_MS = 3_600_000
const WAIT_HOURS = [1, 3, 7] as const

/** The bank says that this card will never pay again, or that something is wrong with whoever uses it. */
const HARD_DECLINES: ReadonlySet<string> = new Set([
  'lost_card',
  'stolen_card',
  'fraudulent',
  'pickup_card',
  'merchant_blacklist',
  'revocation_of_authorization',
  'revocation_of_all_authorizations',
])

/** Whether an attempt may begin: nothing is open, and after a decline its time has come. */
export function mayCharge(state: ChargeState, now: Date): boolean {
  if (state.status === 'armed') return true
  return state.status === 'backing_off' && state.retryAt !== null && state.retryAt <= now
}

/** An attempt begins. Earlier declines are remembered until one succeeds. */
export function beginCharge(state: ChargeState, paymentId: string): ChargeState {
  return { ...state, status: 'charging', retryAt: null, paymentId }
}

/**
 * The attempt failed: back off for 1, 3, then 7 hours, then suspend; at once after a hard decline, when the bank wants the person, and
 * when this card cannot be charged at all.
 */
export function failCharge(
  state: ChargeState,
  failure: ChargeFailure,
  fingerprint: string | null,
  now: Date,
): ChargeState {
  if (failure.kind === 'given_up') return { ...state, status: 'armed', retryAt: null }
  const { message } = failure
  const failed = { ...state, retryAt: null, message, fingerprint }
  if (failure.kind !== 'declined') return { ...failed, status: 'suspended', reason: failure.kind }

  const declines = state.declines + 1
  const waitHours = WAIT_HOURS[state.declines]
  if (HARD_DECLINES.has(failure.code)) return { ...failed, declines, status: 'suspended', reason: 'hard_decline' }
  if (waitHours === undefined) return { ...failed, declines, status: 'suspended', reason: 'declined' }
  const retryAt = new Date(now.getTime() + waitHours * HOUR_MS)
  return { ...failed, declines, status: 'backing_off', reason: 'declined', retryAt }
}

/**
 * A payment settled. An attempt ends with it, and so do declines and suspensions, also by a manual purchase; but only a person lifts the
 * suspension of a dispute. Another attempt that is open meanwhile stays open.
 */
export function settleCharge(state: ChargeState, payment: { readonly id: string; readonly kind: string }): ChargeState {
  if (state.paymentId === payment.id) return ARMED
  const isUntroubled = state.status === 'armed' && state.declines === 0 && state.reason === null
  const isKept = isUntroubled || state.status === 'charging' || state.reason === 'disputed'
  return isKept ? state : ARMED
}

/** Somebody mended it: another card, or an explicit action. An open attempt stays open. */
export function rearm(state: ChargeState): ChargeState {
  return state.status === 'charging' ? { ...state, declines: 0 } : ARMED
}

/** A card becomes the default: another one than the one that failed re-arms (ledger.md, Recharge). */
export function rearmForCard(state: ChargeState, fingerprint: string | null): ChargeState {
  const isOther = fingerprint === null || fingerprint !== state.fingerprint
  return isOther && state.reason !== 'disputed' ? rearm(state) : state
}

/** The time of a back-off has come and there is nothing to charge. The declines are remembered until something settles. */
export function endBackOff(state: ChargeState): ChargeState {
  return { ...state, status: 'armed', retryAt: null }
}
