import type { PoolClient } from 'pg'
import type { Kind } from '../shapes'
import { findObject } from '../store/objects'
import { invalidRequest } from './refusal'

const DEEPEST_EXPANSION = 4

/** The fields that hold an id which `expand[]` turns into the object. */
const EXPANDABLE: Readonly<Record<string, Kind>> = {
  charge: 'charge',
  customer: 'customer',
  default_payment_method: 'payment_method',
  latest_charge: 'charge',
  payment_intent: 'payment_intent',
  payment_method: 'payment_method',
  setup_intent: 'setup_intent',
}

/** Replaces ids by objects along the asked paths, such as `latest_charge` or `data.payment_method`. Changes `body`. */
export async function expand(tx: PoolClient, body: object, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const steps = path.split('.')
    if (steps.length > DEEPEST_EXPANSION) throw invalidRequest('You cannot expand more than 4 levels of a property.')
    await walk(tx, body as Record<string, unknown>, steps, path)
  }
}

async function walk(tx: PoolClient, here: Record<string, unknown>, steps: string[], path: string): Promise<void> {
  const [step, ...rest] = steps
  if (step === undefined) return
  if (step === 'data' && Array.isArray(here['data'])) {
    for (const entry of here['data'] as Record<string, unknown>[]) await walk(tx, entry, rest, path)
    return
  }
  const kind = EXPANDABLE[step]
  const value = here[step]
  const isReachable =
    Object.hasOwn(here, step) && (kind !== undefined || (typeof value === 'object' && rest.length > 0))
  if (!isReachable) throw invalidRequest(`This property cannot be expanded (${path}).`, undefined, 'expand')
  if (kind !== undefined && typeof value === 'string') here[step] = (await findObject(tx, kind, value))?.data ?? null
  const next = here[step]
  if (typeof next === 'object' && next !== null) await walk(tx, next as Record<string, unknown>, rest, path)
}
