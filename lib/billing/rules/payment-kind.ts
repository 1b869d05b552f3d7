/** What is paid for: credits that a person buys, auto-recharge, debt that the card settles, an invoice of postpaid usage. */
export const PAYMENT_KINDS = ['purchase', 'recharge', 'settlement', 'invoice'] as const
export type PaymentKind = (typeof PAYMENT_KINDS)[number]

/** The kind of the entry that credits such a payment (ledger.md, Journal): an invoice is settled debt too. */
export function creditKind(kind: PaymentKind): 'purchase' | 'recharge' | 'settlement' {
  return kind === 'invoice' ? 'settlement' : kind
}
