/** A delivery that failed this often is given up. */
export const MOST_ATTEMPTS = 16

/** Milliseconds to wait after the n-th failed attempt: one second, doubling, at most an hour. */
export function waitAfterAttempt(attempt: number): number {
  return Math.min(1000 * 2 ** (attempt - 1), 3_600_000)
}
