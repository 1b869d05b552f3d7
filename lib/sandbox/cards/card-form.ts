import { cardByNumber, type CardName } from './test-cards'

/** What a customer typed into the hosted page, unchecked. The number and the security code are never kept. */
export type TypedCard = {
  readonly number: string
  readonly expiry: string
  readonly cvc: string
  readonly name: string
  readonly email: string
}

/** A field of the hosted page's card form. */
export type CardField = 'email' | 'number' | 'expiry' | 'cvc' | 'name'

/** Sentences by field, as the page shows them. */
export type CardFormErrors = Partial<Record<CardField, string>>

/** A card that passed the form: by name, without number and security code. */
export type EnteredCard = {
  readonly card: CardName
  readonly expMonth: number
  readonly expYear: number
  readonly name: string
  readonly email: string
}

/** Checks what was typed, as Stripe's own form does before it asks a bank. Pure; `now` is in Unix seconds. */
export function readTypedCard(
  typed: TypedCard,
  now: number,
): { ok: true; value: EnteredCard } | { ok: false; error: CardFormErrors } {
  const errors: CardFormErrors = {}
  const card = cardByNumber(typed.number)
  const expiry = readExpiry(typed.expiry, now)
  const email = typed.email.trim()
  const name = typed.name.trim()
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) || email.length > 512) errors.email = 'Enter your e-mail address.'
  if (card === null) errors.number = refuseNumber(typed.number)
  if (typeof expiry === 'string') errors.expiry = expiry
  if (!/^\d{3,4}$/.test(typed.cvc.trim())) errors.cvc = "Your card's security code is incomplete."
  if (name === '' || name.length > 256) errors.name = 'Enter the name on the card.'
  if (card === null || typeof expiry === 'string' || Object.keys(errors).length > 0) return { ok: false, error: errors }
  return { ok: true, value: { card, ...expiry, name, email } }
}

function readExpiry(typed: string, now: number): { expMonth: number; expYear: number } | string {
  const match = /^(\d{1,2})\s*[/ -]?\s*(\d{2}|\d{4})$/.exec(typed.trim())
  if (match === null) return "Your card's expiration date is incomplete. Write it as MM/YY."
  const expMonth = Number(match[1])
  const expYear = Number(match[2]) + (match[2]?.length === 2 ? 2000 : 0)
  if (expMonth < 1 || expMonth > 12) return "Your card's expiration date is invalid."
  const today = new Date(now * 1000)
  const monthsLeft = (expYear - today.getUTCFullYear()) * 12 + expMonth - 1 - today.getUTCMonth()
  if (monthsLeft < 0) return "Your card's expiration date is in the past."
  if (monthsLeft > 12 * 50) return "Your card's expiration year is invalid."
  return { expMonth, expYear }
}

function refuseNumber(typed: string): string {
  const digits = typed.replace(/[\s-]/g, '')
  if (!/^\d*$/.test(digits)) return 'Your card number is invalid.'
  if (digits.length < 12) return 'Your card number is incomplete.'
  if (!passesLuhn(digits)) return 'Your card number is invalid.'
  return 'This is the test mode and that is not a test card. Use one of the cards listed below.'
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
