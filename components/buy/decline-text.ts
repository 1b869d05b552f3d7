import { USD } from '@/components/money/asset'
import { cardText } from '@/components/money/card-text'
import { moneyText } from '@/components/money/format-money'
import type { CardDto, Dollars } from '@/lib/analytics/contract'

/** Why a card was declined and what to do, by Stripe's decline code (ux.md section 6). */
export function declineText(declineCode: string, card: CardDto | null, amountUsd: Dollars): string {
  const name = card === null ? 'Your card' : cardText(card)
  const amount = moneyText(amountUsd, USD)
  switch (declineCode) {
    case 'insufficient_funds':
      return `${name} does not have enough funds for ${amount}. No money moved.`
    case 'expired_card':
      return `${name} expired${card === null ? '' : ` ${String(card.expMonth).padStart(2, '0')}/${String(card.expYear).slice(-2)}`}. Update it or choose another card.`
    case 'incorrect_cvc':
      return `The security code of ${card === null ? 'your card' : name} was not right. No money moved. Enter it again, or try another card.`
    case 'lost_card':
    case 'stolen_card':
      return `${name} cannot be used. No money moved. Try another card, or call your bank.`
    case 'processing_error':
      return `The payment could not be processed. No money moved. Try again in a minute.`
    default:
      return `Your bank declined ${card === null ? 'your card' : name} and gave no reason. No money moved. Try another card, or call your bank.`
  }
}
