import type { z } from 'zod'

import { amountField, idField, strict } from './field-contract'

/** `POST /usage/{event_id}/reversal`. */
export const reversalInput = strict({
  organization: idField.meta({ description: 'The organization by its id or its external_id.' }),
  amount: amountField.optional().meta({ description: 'All that is left of the charge when left out.' }),
}).meta({ id: 'ReversalInput' })
export type ReversalInput = z.infer<typeof reversalInput>
