import { z } from 'zod'

import { parseDollars } from '@/lib/money/cents'

/** Dollars to pay, as a form sends them: `"25"`, `"12.50"`. */
export const dollarsField = z
  .string({ error: 'Choose an amount.' })
  .trim()
  .max(20, 'Use a smaller amount.')
  .superRefine((text, context) => {
    const parsed = parseDollars(text)
    if (!parsed.ok) context.addIssue({ code: 'custom', message: DOLLAR_REFUSALS[parsed.error] })
  })

const DOLLAR_REFUSALS = {
  not_a_decimal: 'Use a plain amount in dollars, such as 25 or 12.50.',
  too_many_decimals: 'Use at most two decimals.',
  out_of_range: 'Use at most 999,999.99.',
} as const

/** One submission of a form, so that sending it twice pays once. */
const formTokenField = z.uuid('Reload the page and try again.')

/** Buying credits: the card is entered at Checkout. */
export const startPurchaseInput = z.strictObject({
  amount: dollarsField,
  formToken: formTokenField,
  saveCard: z.boolean(),
})
export type StartPurchase = z.infer<typeof startPurchaseInput>

/** Buying credits with a saved card, after review. `cardId` is an outside id (`crd_…`). */
export const payWithCardInput = z.strictObject({
  amount: dollarsField,
  formToken: formTokenField,
  cardId: z.string().max(64),
})
export type PayWithCard = z.infer<typeof payWithCardInput>
