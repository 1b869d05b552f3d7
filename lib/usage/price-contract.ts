import { z } from 'zod'
import { LARGEST_SCALE } from '@/lib/money/amount'
import type { Price } from './rules/price'
import { readPriceDefinition, writePriceDefinition } from './rules/read-price'
import {
  decimalAnswer,
  idField,
  instantField,
  keyField,
  nameField,
  quantityField,
  strict,
  unitPriceField,
} from './field-contract'

/** `PUT /assets/{code}`: what is held and spent. */
export const assetInput = strict({
  name: nameField,
  scale: z.int().min(0, 'Use a scale from 0 to 9.').max(LARGEST_SCALE, 'Use a scale from 0 to 9.'),
  usd_price: unitPriceField.optional(),
}).meta({ id: 'AssetInput', description: 'The scale cannot change once the asset is used.' })
export type AssetInput = z.infer<typeof assetInput>

/** `GET /assets`: an asset as it is answered. */
export const assetAnswer = z
  .object({ code: z.string(), name: z.string(), scale: z.int(), usd_price: z.string().nullable() })
  .meta({ id: 'Asset' })
export type AssetAnswer = z.infer<typeof assetAnswer>

const DEFAULT_HEARTBEAT_TIMEOUT_SECONDS = 300
const LONGEST_HEARTBEAT_TIMEOUT_SECONDS = 86_400

/** `PUT /meters/{key}`: a thing that is counted. */
export const meterInput = strict({
  name: nameField,
  unit: z.enum(['count', 'second', 'hour'], 'Use count, second or hour.'),
  heartbeat_timeout_seconds: z
    .int('Use whole seconds, or null for never.')
    .min(1, 'Use at least 1 second, or null for never.')
    .max(LONGEST_HEARTBEAT_TIMEOUT_SECONDS, 'Use at most 86400 seconds, or null for never.')
    .nullable()
    .default(DEFAULT_HEARTBEAT_TIMEOUT_SECONDS),
}).meta({ id: 'MeterInput', description: 'A run that is silent for the timeout is stopped; null means never.' })
export type MeterInput = z.infer<typeof meterInput>

/** `GET /meters`: a meter as it is answered. */
export const meterAnswer = z
  .object({
    key: z.string(),
    name: z.string(),
    unit: z.enum(['count', 'second', 'hour']),
    heartbeat_timeout_seconds: z.int().nullable(),
  })
  .meta({ id: 'Meter' })
export type MeterAnswer = z.infer<typeof meterAnswer>

const tier = strict({
  up_to: quantityField.nullable(),
  unit_price: unitPriceField,
  flat_price: unitPriceField.optional(),
})

const common = {
  minimum_quantity: quantityField.optional(),
  asset: keyField
    .optional()
    .meta({ description: 'The asset it is charged in; `credit` when left out.', example: 'credit' }),
  period: z.enum(['day', 'month', 'total'], 'Use day, month or total.').optional().meta({
    description: 'How long packages and tiers count before they start again; `month` when left out.',
  }),
  effective_from: instantField.optional().meta({ description: 'Now when left out.' }),
}

const matrixRow = strict({
  match: z.record(idField, z.string({ error: 'Send a string.' })),
  unit_price: unitPriceField,
})

/**
 * `POST /meters/{key}/prices`: a new version of what a meter costs. Every field that makes no sense as a price is refused by
 * its path, by the same rule that reads stored prices.
 */
export const priceInput = z
  .discriminatedUnion(
    'model',
    [
      strict({
        model: z.literal('per_unit'),
        unit_price: unitPriceField,
        round_up_to: quantityField.optional(),
        ...common,
      }),
      strict({ model: z.literal('package'), package_size: quantityField, package_price: unitPriceField, ...common }),
      strict({ model: z.enum(['graduated', 'volume']), tiers: z.array(tier), ...common }),
      strict({
        model: z.literal('matrix'),
        dimensions: z.array(idField),
        rows: z.array(matrixRow),
        default: strict({ unit_price: unitPriceField }).optional(),
        ...common,
      }),
    ],
    { error: 'Use per_unit, package, graduated, volume or matrix.' },
  )
  .superRefine((definition, context) => {
    const terms = readPriceDefinition(definition)
    if (terms.ok) return
    for (const { path, message } of terms.error) {
      context.addIssue({ code: 'custom', path: path.split('.'), message })
    }
  })
  .meta({ id: 'PriceInput' })
export type PriceInput = z.infer<typeof priceInput>

const answered = {
  id: z.string(),
  meter: z.string(),
  asset: z.string(),
  period: z.enum(['day', 'month', 'total']),
  minimum_quantity: decimalAnswer.optional(),
  effective_from: instantField,
}

const tierAnswer = z.object({
  up_to: decimalAnswer.nullable(),
  unit_price: decimalAnswer,
  flat_price: decimalAnswer.optional(),
})

/** `GET /meters/{key}/prices`: a price version as it is answered. */
export const priceAnswer = z
  .discriminatedUnion('model', [
    z.object({
      model: z.literal('per_unit'),
      unit_price: decimalAnswer,
      round_up_to: decimalAnswer.optional(),
      ...answered,
    }),
    z.object({
      model: z.literal('package'),
      package_size: decimalAnswer,
      package_price: decimalAnswer,
      ...answered,
    }),
    z.object({ model: z.enum(['graduated', 'volume']), tiers: z.array(tierAnswer).readonly(), ...answered }),
    z.object({
      model: z.literal('matrix'),
      dimensions: z.array(z.string()).readonly(),
      rows: z
        .array(z.object({ match: z.record(z.string(), z.string()).readonly(), unit_price: decimalAnswer }))
        .readonly(),
      default: z.object({ unit_price: decimalAnswer }).optional(),
      ...answered,
    }),
  ])
  .meta({ id: 'Price' })
export type PriceAnswer = z.infer<typeof priceAnswer>

/** A price version as it is answered: its terms with the defaults spelled out. */
export function toPriceAnswer(price: Price): PriceAnswer {
  const { asset, period, ...definition } = writePriceDefinition(price)
  return {
    ...definition,
    id: price.id,
    meter: price.meter,
    asset: asset ?? price.asset,
    period: period ?? price.period,
    effective_from: price.effectiveFrom.toISOString(),
  }
}
