import { z } from 'zod'

/** A fault that the next requests to an endpoint meet. */
export const faultSchema = z.strictObject({
  /** `POST /v1/payment_intents`, with `:id` for an id, or `*` for every endpoint of the API. */
  endpoint: z.string().regex(/^(\*|(GET|POST|DELETE) \/v1\/[\w/:]+)$/),
  /** `drop_answer`: done, but the connection dies. `fail`: 500 and nothing done. `slow`: waits first. */
  fault: z.enum(['drop_answer', 'fail', 'slow']),
  times: z.number().int().min(1).max(1000).default(1),
  ms: z.number().int().min(0).max(60_000).default(0),
})

/** One switch of the fault board. */
export type Fault = z.output<typeof faultSchema>

/** Faults that wait for requests. In memory: a restart is calm again. */
export type FaultBoard = {
  readonly add: (fault: Fault) => void
  readonly clear: () => void
  /** The faults that this request meets; each counts down. */
  readonly take: (endpoint: string) => readonly Fault[]
}

/** An empty fault board. */
export function createFaultBoard(): FaultBoard {
  let waiting: Fault[] = []
  return {
    add: (fault) => {
      waiting = [...waiting.slice(-99), { ...fault }]
    },
    clear: () => {
      waiting = []
    },
    take: (endpoint) => {
      const met = waiting.filter((fault) => fault.endpoint === '*' || fault.endpoint === endpoint)
      for (const fault of met) fault.times -= 1
      waiting = waiting.filter((fault) => fault.times > 0)
      return met
    },
  }
}
