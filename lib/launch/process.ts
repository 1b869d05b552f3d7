import { env, EnvironmentError } from '../env'

/** Checks the environment before anything else starts. Ends the process with a message naming each missing or bad variable. */
export function requireEnvironment(): void {
  try {
    env()
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

const END_WITHIN_MS = 8_000

/**
 * Ends this process in good order on SIGTERM, on SIGINT, or when the process that started it is gone. What does not end in time,
 * because what it waits for is gone too, is cut off: every write is a transaction.
 */
export function endWith(stop: () => Promise<void>): void {
  let isEnding = false
  const end = (): void => {
    if (isEnding) return
    isEnding = true
    setTimeout(() => process.exit(1), END_WITHIN_MS).unref()
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  process.on('disconnect', end)
}
