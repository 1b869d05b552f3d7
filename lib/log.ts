import 'server-only'

import pino, { type Logger } from 'pino'

import { env } from './env'

const SECRETS = /\b(?:sk|rk|pk|whsec)_[A-Za-z0-9_]{4,}|Bearer\s+\S+|(?<=:\/\/)[^\s/:@]+:[^\s/@]+(?=@)/g
const REDACTED = '[redacted]'
const LONGEST_TEXT = 4_000
const DEEPEST_CAUSE = 3

let current: Logger | undefined

/** This process's log: one JSON line each, to standard output. Secrets are taken out by name and by shape. */
export function log(): Logger {
  current ??= pino({
    level: env().LOG_LEVEL,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretPaths(['authorization', 'cookie', 'secret', 'password', 'token']), censor: REDACTED },
    serializers: { error: (error: unknown) => describeError(error) },
  })
  return current
}

/** Takes keys, bearer tokens and passwords in addresses out of a text. */
export function withoutSecrets(text: string): string {
  return text.slice(0, LONGEST_TEXT).replace(SECRETS, REDACTED)
}

/** What may be known of an exception: never the values of a row, which PostgreSQL puts into `detail`. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: withoutSecrets(String(error)) }
  const { code, table, constraint } = error as { code?: unknown; table?: unknown; constraint?: unknown }
  return {
    name: error.name,
    message: withoutSecrets(error.message),
    ...(code === undefined ? {} : { code }),
    ...(table === undefined ? {} : { table }),
    ...(constraint === undefined ? {} : { constraint }),
    stack: withoutSecrets(error.stack ?? ''),
    ...(error.cause === undefined || depth >= DEEPEST_CAUSE ? {} : { cause: describeError(error.cause, depth + 1) }),
  }
}

function secretPaths(names: readonly string[]): string[] {
  return names.flatMap((name) => [name, `*.${name}`])
}
