import type { Actor } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import type { Result } from '@/lib/result'

/** Who sets a preset up. */
export type PresetSetter = {
  /** A key of the operator: its mode is where everything is made. */
  readonly key: Extract<Actor, { kind: 'key' }>
  /** The preset's name, under which everything is made once. */
  readonly name: string
  /** When it was set up first: what its samples lived through lies before. */
  readonly since: Date
  readonly clock: Clock
}

/** The value of a step. Throws an error that a person can act on when the step was refused. */
export function must<Value>(what: string, result: Result<Value, PurserError>): Value {
  if (result.ok) return result.value
  throw new Error(`The preset cannot be set up: ${what} was refused, ${JSON.stringify(result.error)}`)
}
