import { z } from 'zod'
import type { ParsedDecimal } from '@/lib/money/decimal'
import { parseQuantity, parseUnitPrice } from '@/lib/money/quantity'
import { decimalAnswer, dimensionsField, eventIdField, idField, instantField, keyField } from './field-contract'
import { quantityField, strict, unitPriceField } from './field-contract'
import { priceAnswer } from './price-contract'
import type { UsageEvent } from './rules/usage-event'

const MOST_EVENTS = 1000
const MOST_ENTRIES = 200
const DEFAULT_ENTRIES = 50

/** `POST /usage`: one metered fact. */
export const usageEventInput = strict({
  id: eventIdField.meta({
    description: 'Your own id of this event, unique per billing account.',
    example: 'evt-2026-0001',
  }),
  organization: idField.meta({ description: 'The organization by its id or its external_id.' }),
  meter: idField.meta({ example: 'rule_run' }),
  quantity: quantityField,
  occurred_at: instantField.optional().meta({ description: 'Now when left out; up to 34 days back.' }),
  member: idField.optional(),
  key: idField.optional(),
  resource: idField.optional().meta({ description: 'The deployment or workload.' }),
  model: idField.optional(),
  feature: idField.optional(),
  dimensions: dimensionsField.optional(),
  cost: unitPriceField.optional().meta({ description: 'What this event cost you, in USD.', example: '0.0021' }),
}).meta({ id: 'UsageEvent' })
export type UsageEventInput = z.infer<typeof usageEventInput>

/** `POST /usage/batch`: up to a thousand events. Each stands alone, so each is validated by itself with `usageEventInput`. */
export const usageBatchInput = strict({
  events: z
    .array(z.unknown().meta({ $ref: '#/components/schemas/UsageEvent' }), { error: 'Send a list of events.' })
    .min(1, 'Send at least one event.')
    .max(MOST_EVENTS, `Send at most ${MOST_EVENTS} events.`),
}).meta({ id: 'UsageBatch' })
export type UsageBatchInput = z.infer<typeof usageBatchInput>

/** What became of an event: `charged` also when runs 2 to 100 of a package cost nothing, `free` only at a price of zero. */
export const usageAnswer = z
  .object({
    id: z.string(),
    outcome: z.enum(['charged', 'covered', 'free', 'duplicate']),
    asset: z.string(),
    amount: decimalAnswer,
    covered_by_allowance: decimalAnswer,
    entry: z.string().nullable().meta({ description: 'The entry it wrote; null when the amount is zero.' }),
    balance: decimalAnswer,
    available: decimalAnswer,
  })
  .meta({ id: 'UsageResult' })
export type UsageAnswer = z.infer<typeof usageAnswer>

/** A problem as RFC 9457 describes it. */
export const problemAnswer = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })

/** The results of a batch in the order given. */
export const usageBatchAnswer = z
  .object({
    results: z.array(z.union([usageAnswer, z.object({ id: z.string().nullable(), error: problemAnswer })])),
  })
  .meta({ id: 'UsageBatchResult' })
export type UsageBatchAnswer = z.infer<typeof usageBatchAnswer>

/** `GET /organizations/{org}/balance`. */
export const balanceAnswer = z
  .object({
    wallets: z.array(
      z.object({
        asset: z.string(),
        balance: decimalAnswer,
        held: decimalAnswer,
        available: decimalAnswer,
        unrestricted: decimalAnswer,
        upcoming: decimalAnswer,
        frozen: decimalAnswer,
        debt: decimalAnswer,
        next_expiry: z.object({ amount: decimalAnswer, at: instantField }).nullable(),
      }),
    ),
    recharge: z.object({ status: z.string(), last_error: z.string().nullable() }),
  })
  .meta({ id: 'Balance' })
export type BalanceAnswer = z.infer<typeof balanceAnswer>

const ENTRY_KINDS = [
  'purchase',
  'recharge',
  'grant',
  'coupon',
  'usage',
  'expiry',
  'refund',
  'dispute',
  'reversal',
  'adjustment',
  'settlement',
] as const

/** The query of `GET /organizations/{org}/entries`: newest first, paged by entry id, `from` inclusive and `to` exclusive. */
export const entriesQuery = strict({
  limit: z.coerce
    .number('Use a whole number from 1 to 200.')
    .int('Use a whole number from 1 to 200.')
    .min(1, 'Use a whole number from 1 to 200.')
    .max(MOST_ENTRIES, 'Use a whole number from 1 to 200.')
    .default(DEFAULT_ENTRIES),
  starting_after: idField.optional(),
  ending_before: idField.optional(),
  asset: keyField.optional().meta({ example: 'credit' }),
  kind: z.enum(ENTRY_KINDS, `Use one of ${ENTRY_KINDS.join(', ')}.`).optional(),
  from: instantField.optional(),
  to: instantField.optional(),
}).superRefine(({ starting_after, ending_before, from, to }, context) => {
  if (starting_after !== undefined && ending_before !== undefined) {
    context.addIssue({ code: 'custom', path: ['ending_before'], message: 'Send starting_after or this, not both.' })
  }
  if (from !== undefined && to !== undefined && new Date(to) <= new Date(from)) {
    context.addIssue({ code: 'custom', path: ['to'], message: 'Use an instant after `from`.' })
  }
})
export type EntriesQuery = z.infer<typeof entriesQuery>

/** One line of a wallet's journal. */
export const entryAnswer = z
  .object({
    id: z.string(),
    wallet: z.string(),
    asset: z.string(),
    sequence: z.int(),
    kind: z.enum(ENTRY_KINDS),
    amount: decimalAnswer.meta({ description: 'Signed: usage is negative.', example: '-0.026' }),
    balance_after: decimalAnswer,
    occurred_at: instantField,
    created_at: instantField,
    description: z.string(),
    actor: z.string(),
    event_id: z.string().nullable(),
    grant: z.string().nullable(),
    hold: z.string().nullable(),
    payment: z.string().nullable(),
    reverses: z.string().nullable(),
    previous_hash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'Entry' })
export type EntryAnswer = z.infer<typeof entryAnswer>

/** A page of entries, newest first. */
export const entriesAnswer = z.object({ data: z.array(entryAnswer), has_more: z.boolean() }).meta({ id: 'EntryPage' })
export type EntriesAnswer = z.infer<typeof entriesAnswer>

const tierSpan = z.object({ number: z.int(), from: decimalAnswer, to: decimalAnswer.nullable() })

/** One line of "why this number": `arithmeticLines` of the rating. */
const arithmeticLine = z.discriminatedUnion('step', [
  z.object({ step: z.literal('minimum'), quantity: decimalAnswer, billed: decimalAnswer }),
  z.object({ step: z.literal('round_up'), quantity: decimalAnswer, multiple: decimalAnswer, billed: decimalAnswer }),
  z.object({
    step: z.literal('units'),
    quantity: decimalAnswer,
    price: decimalAnswer,
    tier: tierSpan.nullable(),
    match: z.record(z.string(), z.string()).nullable(),
    subtotal: decimalAnswer,
  }),
  z.object({ step: z.literal('flat'), price: decimalAnswer, tier: tierSpan, subtotal: decimalAnswer }),
  z.object({
    step: z.literal('package'),
    counted: decimalAnswer,
    quantity: decimalAnswer,
    size: decimalAnswer,
    begun: decimalAnswer,
    price: decimalAnswer,
    subtotal: decimalAnswer,
  }),
  z.object({ step: z.literal('rounding'), exact: decimalAnswer, rounded: decimalAnswer }),
])

/** `GET /organizations/{org}/entries/{id}`: the entry, the grants it fed or drew, and for usage why it is this number. */
export const entryDetailAnswer = entryAnswer
  .extend({
    allocations: z.array(z.object({ grant: z.string(), amount: decimalAnswer, order: z.int() })).readonly(),
    price: priceAnswer.nullable(),
    arithmetic: z.array(arithmeticLine).readonly(),
  })
  .meta({ id: 'EntryDetail' })
export type EntryDetailAnswer = z.infer<typeof entryDetailAnswer>

/** The event in domain values. Its input was validated by `usageEventInput`; anything else is a bug and throws. */
export function toUsageEvent(input: UsageEventInput): UsageEvent {
  return {
    id: input.id,
    organization: input.organization,
    meter: input.meter,
    quantity: readDecimal(parseQuantity(input.quantity)),
    occurredAt: input.occurred_at === undefined ? null : new Date(input.occurred_at),
    member: input.member ?? null,
    key: input.key ?? null,
    resource: input.resource ?? null,
    model: input.model ?? null,
    feature: input.feature ?? null,
    dimensions: input.dimensions ?? {},
    cost: input.cost === undefined ? null : readDecimal(parseUnitPrice(input.cost)),
  }
}

/** The value of a decimal that passed validation. Throws when it did not: that is a bug. */
export function readDecimal<Value>(parsed: ParsedDecimal<Value>): Value {
  if (!parsed.ok) throw new Error(`a decimal passed validation that cannot be read: ${parsed.error}`)
  return parsed.value
}
