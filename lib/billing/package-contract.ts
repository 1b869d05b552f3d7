import { z } from 'zod'

import { amountField, decimalAnswer, instantField, keyField, strict } from '@/lib/usage/field-contract'

import { priceCentsField } from './plan-contract'

const EARLIEST = '2000-01-01'
const LATEST = '2199-12-31'

const dayField = z.iso
  .date({ error: ({ input }) => (input === undefined ? 'Send this field.' : 'Send a day such as 2026-03-01.') })
  .refine((day) => day >= EARLIEST && day <= LATEST, `Use a day from ${EARLIEST} to ${LATEST}.`)
  .meta({ description: "A day in the organization's time zone.", example: '2026-03-01' })

/** `PUT /organizations/{org}/contract`: a package of credits each contract year. */
export const contractInput = strict({
  starts_on: dayField,
  ends_on: dayField.meta({ description: 'The last day, included: 2026-12-31 for a year that starts on 2026-01-01.' }),
  package: strict({ asset: keyField, amount: amountField }).meta({
    description: 'What each contract year brings. It expires at the end of that year; nothing is carried over.',
  }),
  price_cents: priceCentsField.default(0).meta({ description: 'What the package of one year costs, in US cents.' }),
}).meta({ id: 'ContractInput' })
export type ContractInput = z.infer<typeof contractInput>

/** A contract as it is answered. */
export const contractAnswer = z
  .object({
    organization: z.string(),
    starts_on: z.string(),
    ends_on: z.string(),
    package: z.object({ asset: z.string(), amount: decimalAnswer }),
    price_cents: z.int(),
    status: z.enum(['upcoming', 'running', 'ended']),
    ends_at: instantField.meta({ description: 'The first instant after it, when purchased credits expire.' }),
    year: z
      .object({ from: instantField, to: instantField, granted: decimalAnswer })
      .nullable()
      .meta({ description: 'The contract year that runs, and what was granted for it.' }),
    next_package_at: instantField.nullable(),
  })
  .meta({ id: 'Contract' })
export type ContractAnswer = z.infer<typeof contractAnswer>
