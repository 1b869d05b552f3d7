const BRANDS: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
}

/** A card's brand as people write it: Stripe says "visa". */
export function brandName(brand: string): string {
  return BRANDS[brand.toLowerCase()] ?? brand
}

/** "Visa •••• 4242", or null while the card is not known. */
export function cardText(brand: string | null, last4: string | null): string | null {
  return brand === null || last4 === null ? null : `${brandName(brand)} •••• ${last4}`
}
