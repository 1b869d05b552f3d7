import type { CardDto } from '@/lib/analytics/contract'

/** "Visa •••• 4242". */
export function cardText({ brand, last4 }: CardDto): string {
  return `${brand} •••• ${last4}`
}

/** "exp 12/34". */
export function cardExpiryText({ expMonth, expYear }: CardDto): string {
  return `exp ${String(expMonth).padStart(2, '0')}/${String(expYear).slice(-2)}`
}
