import { z } from 'zod'

import { dollarsField } from './contract'

const creditsField = (message: string) =>
  z
    .string({ error: message })
    .trim()
    .regex(/^(?:0|[1-9]\d{0,9})(?:\.\d{1,9})?$/, message)

/** Auto-recharge as a form sends it. Credits are decimal strings of the asset; money is dollars. */
export const setRechargeInput = z.strictObject({
  threshold: creditsField('Use a plain number of credits, such as 20.'),
  /** What is added each time, or the balance to come back to: the account's policy says which. */
  size: creditsField('Use a plain number of credits, such as 100.'),
  /** The most that is charged in a calendar month; no limit when left out. */
  monthlyCap: dollarsField.optional(),
  /** The dollars that the person agreed to being charged at once, when the balance is below the threshold already. */
  confirmedCharge: dollarsField.optional(),
})
export type SetRecharge = z.infer<typeof setRechargeInput>
