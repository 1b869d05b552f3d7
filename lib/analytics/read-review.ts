import 'server-only'

import { can } from '@/lib/auth/rules/permissions'
import { planPurchase } from '@/lib/billing/rules/plan-purchase'
import { accountClock, type Clock } from '@/lib/clock'
import { listCards } from '@/lib/db/cards'
import type { PurserError } from '@/lib/errors'
import { invalidField } from '@/lib/errors'
import { smallerAmount, ZERO_AMOUNT } from '@/lib/money/amount'
import { formatDollars, parseDollars } from '@/lib/money/cents'
import { err, ok, type Result } from '@/lib/result'

import { readRunway, readSpendHistory } from './estimates'
import type { ReviewDto } from './purchase-contract'
import { expiryOf, readPurchaseTerms, showCard } from './read-buy-page'
import { readWallets, type Reader } from './reader'
import { showAmount, showAsset, showOrganization, summaryOf } from './show'

/** What the review page is asked to show. */
export type ReviewRequest = { readonly amountUsd: string; readonly formToken: string; readonly receiptEmail: string }

/**
 * The last look before the default card is charged. Errors: forbidden, not_found (no saved card), invalid_input (amount),
 * invalid_state.
 */
export async function readReview(
  reader: Reader,
  { amountUsd, formToken, receiptEmail }: ReviewRequest,
  clock: Clock,
): Promise<Result<ReviewDto, PurserError>> {
  const { actor, organization, account } = reader
  if (!can(actor, 'credits:buy', { organizationId: organization.id })) return err({ code: 'forbidden' })
  const now = accountClock(account, clock).now()
  const cents = parseDollars(amountUsd)
  if (!cents.ok) return err(invalidField('amount', 'Use a plain amount in dollars, such as 25 or 12.50.'))
  const [wallets, terms, [card]] = await Promise.all([
    readWallets(reader),
    readPurchaseTerms(reader, now),
    listCards(account.id),
  ])
  if (card === undefined) return err({ code: 'not_found', what: 'saved card' })
  const { asset } = wallets.main
  const plan = planPurchase(cents.value, terms, asset.scale)
  if (!plan.ok) return plan
  const { credits } = plan.value
  const { debt, balance, available } = summaryOf(wallets.main, now)
  const { runway } = await readRunway(reader, wallets.main, await readSpendHistory(reader, wallets.main, now), now)
  const spendable = available + (credits > debt ? credits - debt : ZERO_AMOUNT)
  const perDay = runway?.averagePerDay ?? 0n
  return ok({
    now: now.toISOString(),
    organization: showOrganization(reader),
    asset: showAsset(asset),
    amountUsd: formatDollars(cents.value),
    credits: showAmount(credits, asset),
    settlesDebt: showAmount(smallerAmount(credits, debt), asset),
    newBalance: showAmount(balance + credits, asset),
    expiresAt: expiryOf(terms, now)?.toISOString() ?? null,
    lastsDays: perDay > 0n ? Number(spendable / perDay) : null,
    card: showCard(card),
    receiptEmail,
    formToken,
  })
}
