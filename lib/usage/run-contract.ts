import { z } from 'zod'

import { decimalAnswer, dimensionsField, idField, instantField, strict } from './field-contract'

const atField = instantField.optional().meta({
  description: 'When it happened: now when left out; not before the last change of the run, at most 5 minutes ahead.',
})

/** `POST /runs`: a metered session that begins cold, which is free. */
export const runInput = strict({
  id: idField.meta({ description: 'Your own id of this run, unique per billing account.', example: 'run-2026-0001' }),
  organization: idField.meta({ description: 'The organization by its id or its external_id.' }),
  meter: idField.meta({ description: 'A meter of seconds or hours.', example: 'gpu_second' }),
  resource: idField.optional().meta({ description: 'The deployment or workload.' }),
  model: idField.optional(),
  dimensions: dimensionsField.optional(),
  member: idField.optional(),
  key: idField.optional(),
  at: atField,
}).meta({ id: 'RunInput' })
export type RunInput = z.infer<typeof runInput>

/** `POST /runs/{id}/ready`, `/heartbeat`, `/pause`, `/resume`, `/stop`: when it happened. No body at all says now. */
export const runMoveInput = strict({ at: atField }).meta({ id: 'RunMove' })
export type RunMoveInput = z.infer<typeof runMoveInput>

/** A run as it is answered. */
export const runAnswer = z
  .object({
    id: z.string(),
    external_id: z.string().meta({ description: 'Your own id of it.' }),
    organization: z.string(),
    status: z.enum(['cold', 'running', 'paused', 'stopped']),
    started_at: instantField,
    ready_at: instantField.nullable(),
    stopped_at: instantField.nullable(),
    billed_quantity: decimalAnswer.meta({ description: 'Whole seconds or hours, as the meter counts.' }),
    amount: decimalAnswer,
    asset: z.string(),
    stop_reason: z
      .enum(['requested', 'insufficient_credits', 'spend_limit_exceeded', 'silent'])
      .nullable()
      .meta({ description: 'Why it stopped; null while it has not.' }),
  })
  .meta({ id: 'Run' })
export type RunAnswer = z.infer<typeof runAnswer>
