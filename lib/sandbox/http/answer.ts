import type { z } from 'zod'
import type { Context } from '../context'
import type { ErrorShape } from '../shapes'
import type { FormTree } from './form'
import { parseParams } from './params'

/** What an endpoint answers: an object, or a bank's decline, which is committed and remembered like a success. */
export type Answer =
  { readonly status: 200; readonly body: object } | { readonly status: 402; readonly body: { error: ErrorShape } }

/** One endpoint: method, path with at most one `:id`, and what it does. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly handle: (context: Context, params: FormTree, id: string) => Promise<Answer>
}

/** An endpoint whose parameters are checked first. Unknown ones are refused by name. */
export function route<Schema extends z.ZodType>(
  method: Route['method'],
  path: string,
  schema: Schema,
  handle: (context: Context, input: z.output<Schema>, id: string) => Promise<Answer>,
): Route {
  return { method, path, handle: (context, params, id) => handle(context, parseParams(schema, params), id) }
}

/** Answers with an object. */
export function found(body: object): Answer {
  return { status: 200, body }
}

/** Answers with a card error. */
export function declined(error: ErrorShape): Answer {
  return { status: 402, body: { error } }
}
