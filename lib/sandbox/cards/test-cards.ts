/** How a bank refuses: Stripe's error code, its decline code where it has one, and Stripe's sentence. */
export type Decline = { readonly code: string; readonly declineCode: string | null; readonly message: string }

/** What the bank behind a test card does. */
export type CardBehaviour =
  | { readonly kind: 'accept' }
  | { readonly kind: 'decline'; readonly decline: Decline }
  | { readonly kind: 'decline_when_charged'; readonly decline: Decline }
  | { readonly kind: 'authenticate'; readonly when: 'always' | 'unless_set_up' }
  | { readonly kind: 'dispute' }

/** A card of Stripe's public testing page. */
export type TestCard = {
  readonly number: string
  readonly brand: 'visa' | 'mastercard'
  readonly says: string
  readonly aliases: readonly string[]
  readonly behaviour: CardBehaviour
}

const ACCEPT = { kind: 'accept' } as const

function decline(code: string, declineCode: string | null, message: string): CardBehaviour {
  return { kind: 'decline', decline: { code, declineCode, message } }
}

function declineAliases(name: string): readonly string[] {
  return [`chargeDeclined${name}`, `visa_chargeDeclined${name}`]
}

/** The documented test cards (docs.stripe.com/testing) by the name under which the sandbox remembers them. */
const CARDS = {
  visa: {
    number: '4242424242424242',
    brand: 'visa',
    says: 'Visa, succeeds',
    aliases: ['visa'],
    behaviour: ACCEPT,
  },
  mastercard: {
    number: '5555555555554444',
    brand: 'mastercard',
    says: 'Mastercard, succeeds',
    aliases: ['mastercard'],
    behaviour: ACCEPT,
  },
  bypass_pending: {
    number: '4000000000000077',
    brand: 'visa',
    says: 'Visa, succeeds, funds available at once',
    aliases: ['bypassPending'],
    behaviour: ACCEPT,
  },
  generic_decline: {
    number: '4000000000000002',
    brand: 'visa',
    says: 'Declined without a reason',
    aliases: declineAliases(''),
    behaviour: decline('card_declined', 'generic_decline', 'Your card was declined.'),
  },
  insufficient_funds: {
    number: '4000000000009995',
    brand: 'visa',
    says: 'Declined: insufficient funds',
    aliases: declineAliases('InsufficientFunds'),
    behaviour: decline('card_declined', 'insufficient_funds', 'Your card has insufficient funds.'),
  },
  lost_card: {
    number: '4000000000009987',
    brand: 'visa',
    says: 'Declined: lost card',
    aliases: declineAliases('LostCard'),
    behaviour: decline('card_declined', 'lost_card', 'Your card was declined.'),
  },
  stolen_card: {
    number: '4000000000009979',
    brand: 'visa',
    says: 'Declined: stolen card',
    aliases: declineAliases('StolenCard'),
    behaviour: decline('card_declined', 'stolen_card', 'Your card was declined.'),
  },
  expired_card: {
    number: '4000000000000069',
    brand: 'visa',
    says: 'Declined: expired card',
    aliases: declineAliases('ExpiredCard'),
    behaviour: decline('expired_card', null, 'Your card has expired.'),
  },
  incorrect_cvc: {
    number: '4000000000000127',
    brand: 'visa',
    says: 'Declined: incorrect CVC',
    aliases: declineAliases('IncorrectCvc'),
    behaviour: decline('incorrect_cvc', null, "Your card's security code is incorrect."),
  },
  processing_error: {
    number: '4000000000000119',
    brand: 'visa',
    says: 'Declined: processing error',
    aliases: declineAliases('ProcessingError'),
    behaviour: decline(
      'processing_error',
      null,
      'An error occurred while processing your card. Try again in a little bit.',
    ),
  },
  authenticate_unless_set_up: {
    number: '4000002500003155',
    brand: 'visa',
    says: '3-D Secure, unless it was saved before',
    aliases: ['authenticationRequiredOnSetup'],
    behaviour: { kind: 'authenticate', when: 'unless_set_up' },
  },
  authenticate_always: {
    number: '4000002760003184',
    brand: 'visa',
    says: '3-D Secure on every payment',
    aliases: ['authenticationRequired'],
    behaviour: { kind: 'authenticate', when: 'always' },
  },
  decline_when_charged: {
    number: '4000000000000341',
    brand: 'visa',
    says: 'Can be saved, declines when charged',
    aliases: ['chargeCustomerFail'],
    behaviour: {
      kind: 'decline_when_charged',
      decline: { code: 'card_declined', declineCode: 'generic_decline', message: 'Your card was declined.' },
    },
  },
  dispute: {
    number: '4000000000000259',
    brand: 'visa',
    says: 'Succeeds, then is disputed',
    aliases: ['createDispute'],
    behaviour: { kind: 'dispute' },
  },
} as const satisfies Record<string, TestCard>

/** The name of a test card: what the sandbox stores instead of a number. */
export type CardName = keyof typeof CARDS

/** Every documented card with its name, in the order of the hosted page's list. */
export const TEST_CARDS = Object.entries(CARDS) as [CardName, TestCard][]

/** The card behind a stored name. */
export function testCard(name: CardName): TestCard {
  return CARDS[name]
}

/** The documented card with this number, spaces allowed; null for any other number. */
export function cardByNumber(typed: string): CardName | null {
  const digits = typed.replace(/[\s-]/g, '')
  return TEST_CARDS.find(([, card]) => card.number === digits)?.[0] ?? null
}

/** The card behind a documented id such as `pm_card_visa` or `tok_chargeDeclined`; null for any other. */
export function cardByAlias(id: string): CardName | null {
  const alias = /^(?:pm_card|tok)_(.+)$/.exec(id)?.[1]
  return TEST_CARDS.find(([, card]) => alias !== undefined && card.aliases.includes(alias))?.[0] ?? null
}

/** The last four digits, as receipts show them. */
export function lastFour(name: CardName): string {
  return testCard(name).number.slice(-4)
}
