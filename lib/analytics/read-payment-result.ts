import 'server-only'

import { can } from '@/lib/auth/rules/permissions'
import { purchaseExpiry } from '@/lib/billing/rules/plan-purchase'
import { findCard } from '@/lib/db/cards'
import { readId, showId } from '@/lib/db/ids'
import { findPayment, type Payment } from '@/lib/db/payments'
import { accountClock, type Clock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import { formatDollars } from '@/lib/money/cents'
import { err, ok, type Result } from '@/lib/result'

import type { PaymentResultDto } from './purchase-contract'
import { showCard } from './read-buy-page'
import { readWallets, type Reader } from './reader'
import { showAmount, showAsset, showBalance, showOrganization } from './show'

/** What the person did before they came to the page. */
export type Arrival = { readonly hasCancelled: boolean; readonly hasSeenResult: boolean }

/** The payment that an outside id (`pay_…`) names in the reader's account, or null. */
export async function findNamedPayment({ account }: Reader, outsideId: string): Promise<Payment | null> {
  const id = readId('pay', outsideId)
  return id === null ? null : findPayment(account.id, id)
}

/** What became of a payment, as the ledger has it: `added` exists only once its entry does. Errors: forbidden. */
export async function readPaymentResult(
  reader: Reader,
  payment: Payment,
  { hasCancelled, hasSeenResult }: Arrival,
  clock: Clock,
): Promise<Result<PaymentResultDto, PurserError>> {
  if (!can(reader.actor, 'credits:buy', { organizationId: reader.organization.id })) return err({ code: 'forbidden' })
  const { main } = await readWallets(reader)
  const base = {
    organization: showOrganization(reader),
    asset: showAsset(main.asset),
    amountUsd: formatDollars(payment.amountCents),
  }
  switch (payment.status) {
    case 'settled': {
      if (payment.entryId === null) throw new Error(`payment ${payment.id} is settled without an entry`)
      const expiresAt = purchaseExpiry(payment.settledAt ?? payment.createdAt, payment)
      return ok({
        ...base,
        status: hasSeenResult ? 'already_added' : 'added',
        credits: showAmount(payment.credits, main.asset),
        balance: showBalance(main, accountClock(reader.account, clock).now()).balance,
        expiresAt: expiresAt?.toISOString() ?? null,
        entryId: showId('ent', payment.entryId),
        receipt: payment.receiptUrl === null ? null : { number: "Stripe's receipt", href: payment.receiptUrl },
      })
    }
    case 'failed': {
      const card = await cardOf(payment)
      return ok({ ...base, status: 'declined', card, declineCode: payment.failureCode ?? 'generic_decline' })
    }
    case 'cancelled':
      return ok({ ...base, status: 'cancelled' })
    case 'processing':
      return ok({ ...base, status: 'processing' })
    case 'started':
    case 'awaiting_payment': {
      if (hasCancelled) return ok({ ...base, status: 'cancelled' })
      if (payment.cardId === null || payment.checkoutUrl === null) return ok({ ...base, status: 'confirming' })
      return ok({ ...base, status: 'requires_action', card: await cardOf(payment), confirmUrl: payment.checkoutUrl })
    }
  }
}

async function cardOf({ accountId, cardId }: Payment) {
  const card = cardId === null ? null : await findCard(accountId, cardId)
  return card === null ? null : showCard(card)
}
