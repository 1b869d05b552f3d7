import 'server-only'

import { log } from '@/lib/log'

import { internalProblem, problemOf, type Problem, type ProblemContext } from './problem'

/** SQLSTATE classes and codes of a database that cannot work now: connection, resources, shutdown, cancelled, locked, deadlocked. */
const DATABASE_TROUBLE = /^(?:08|53|57P|57014|55P03|40P01|40001|58)/
const NETWORK_TROUBLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  // Prisma: cannot be reached, timed out, connection closed, no connection free.
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
])
/** `pg` gives these no code. */
const PG_TROUBLE =
  /^(?:timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Cannot use a pool after|Query read timeout)/
const DEEPEST_CAUSE = 3

/**
 * Answers an exception: `unavailable` when the database cannot be reached or cannot work now, `internal` for anything else. Logs
 * it once, without secrets, under the request id.
 */
export function unexpectedProblem(thrown: unknown, context: ProblemContext, doing: string): Problem {
  const isUnavailable = isDatabaseTrouble(thrown)
  log().error({ error: thrown, requestId: context.requestId, doing }, isUnavailable ? 'unavailable' : 'internal error')
  return isUnavailable ? problemOf({ code: 'unavailable' }, context) : internalProblem(context)
}

/** Whether an exception says that the database cannot be reached or cannot work now: trying again later may succeed. */
export function isDatabaseTrouble(thrown: unknown, depth = 0): boolean {
  if (!(thrown instanceof Error)) return false
  const { code } = thrown as { code?: unknown }
  if (typeof code === 'string' && (NETWORK_TROUBLE.has(code) || isSqlTrouble(code))) return true
  if (PG_TROUBLE.test(thrown.message)) return true
  if (depth >= DEEPEST_CAUSE) return false
  const inner = thrown instanceof AggregateError ? (thrown.errors as readonly unknown[]) : []
  return [thrown.cause, ...inner].some((cause) => isDatabaseTrouble(cause, depth + 1))
}

function isSqlTrouble(code: string): boolean {
  return code.length === 5 && DATABASE_TROUBLE.test(code)
}
