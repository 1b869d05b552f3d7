import { ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import { freeOf } from './book'
import { planDraw } from './spend'
import { isEligible } from './spending-order'
import type { Book, GrantState, SpendContext } from './types'

/** Why nothing would be drawn from a grant. */
export type SkipReason =
  'not_effective' | 'expired' | 'frozen' | 'void' | 'out_of_scope' | 'nothing_free' | 'not_needed'

/** What a usage would draw from a grant; `skipped` says why nothing, null when something. */
export type TracedGrant = {
  readonly grant: GrantState
  readonly free: Amount
  readonly drawn: Amount
  readonly skipped: SkipReason | null
}

/** Every open grant of a book in spending order, with what a usage of this amount would draw from it, or why it would not. Changes nothing. */
export function traceDraw(book: Book, context: SpendContext, wanted: Amount): readonly TracedGrant[] {
  const drawn = new Map(planDraw(book, context, wanted).moves.map(({ index, remaining }) => [index, -remaining]))
  return book.grants.map((grant, index) => {
    const taken = (drawn.get(index) ?? ZERO_AMOUNT) as Amount
    return { grant, free: freeOf(grant), drawn: taken, skipped: taken > 0n ? null : reasonOf(grant, context) }
  })
}

function reasonOf(grant: GrantState, context: SpendContext): SkipReason {
  if (grant.voided) return 'void'
  if (grant.frozen) return 'frozen'
  if (grant.effectiveAt > context.at) return 'not_effective'
  if (grant.expiresAt !== null && grant.expiresAt <= context.at) return 'expired'
  if (grant.remaining === grant.held) return 'nothing_free'
  return isEligible(grant, context) ? 'not_needed' : 'out_of_scope'
}
