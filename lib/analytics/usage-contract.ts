import { z } from 'zod'

import { decimalAnswer, strict } from '@/lib/usage/field-contract'

/** By what usage is summed up. A day is one of the account's time zone. */
const USAGE_GROUPS = ['day', 'meter', 'model', 'resource', 'feature', 'member', 'key'] as const
export type UsageGroup = (typeof USAGE_GROUPS)[number]

const MOST_GROUPS = 2
const BAD_GROUPS = `Send one or two different ones of ${USAGE_GROUPS.join(', ')}, separated by a comma.`

const dayField = z.iso
  .date('Send a day such as 2026-03-01.')
  .meta({ description: "A day in the organization's time zone.", example: '2026-03-01' })

const groupsField = z
  .string(BAD_GROUPS)
  .refine((text) => isGroups(text.split(',')), BAD_GROUPS)
  .transform((text) => text.split(',') as readonly UsageGroup[])
  .meta({ description: `One or two of ${USAGE_GROUPS.join(', ')}, separated by a comma.`, example: 'day,meter' })

/** The query of `GET /organizations/{org}/usage`. The span is checked where today is known. */
export const usageReportQuery = strict({
  from: dayField.optional().meta({ description: 'The first day. 29 days before `to` when left out.' }),
  to: dayField.optional().meta({ description: 'The last day, included. Today when left out.' }),
  group_by: groupsField.optional(),
})
export type UsageReportQuery = z.infer<typeof usageReportQuery>

const label = z.string().nullable().optional()

/** Sums of usage: one line per group and asset. Of the group only what was asked for is there. */
export const usageReportAnswer = z
  .object({
    data: z
      .array(
        z.object({
          day: z.string().optional(),
          meter: label,
          model: label,
          resource: label,
          feature: label,
          member: label,
          key: label.meta({ description: 'Null in a group: the events named none.' }),
          asset: z.string(),
          quantity: decimalAnswer
            .nullable()
            .meta({ description: 'Null when several meters are in the group: they count different things.' }),
          amount: decimalAnswer.meta({ description: 'What was charged, in the asset.' }),
          cost: decimalAnswer.meta({ description: 'What it cost you, in USD: the sum of the costs of the events.' }),
          events: z.int(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'UsageReport' })
export type UsageReportAnswer = z.infer<typeof usageReportAnswer>

function isGroups(names: readonly string[]): boolean {
  const known: readonly string[] = USAGE_GROUPS
  return (
    names.length <= MOST_GROUPS && new Set(names).size === names.length && names.every((name) => known.includes(name))
  )
}
