import 'server-only'

import { parseDecimal } from '@/lib/money/decimal'
import { DECIMAL_PLACES, quantity, type Quantity } from '@/lib/money/quantity'

/** A quantity or price column, `numeric(…, 12)`, exactly. Sums of a period may be larger than what one event may carry. */
export function readQuantity(text: string): Quantity {
  const parsed = parseDecimal(text, DECIMAL_PLACES)
  if (!parsed.ok) throw new Error(`a numeric column cannot be read: ${text}`)
  return quantity(parsed.value)
}
