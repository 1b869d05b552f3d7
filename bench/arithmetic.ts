/** The middle of some figures; of an even number of them, the mean of the two in the middle. Throws when there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  if (upper === undefined || lower === undefined) throw new Error('there is no median of nothing')
  return (lower + upper) / 2
}

/** The smallest figure that at least this share (0 to 1) of all figures do not exceed. Throws when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  const found = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  if (found === undefined) throw new Error('there is no percentile of nothing')
  return found
}

/**
 * The median of what each round's figure is of the yardstick of the same round. What makes a whole round slow slows both, so it leaves
 * the ratio alone; a ratio of two medians could pair a quiet minute with a busy one. Throws when the rounds do not match.
 */
export function medianRatio(figures: readonly number[], yardsticks: readonly number[]): number {
  if (figures.length !== yardsticks.length) throw new Error('each figure needs the yardstick of its round')
  return median(
    figures.map((figure, round) => {
      const yardstick = yardsticks[round]
      if (yardstick === undefined || !(yardstick > 0)) throw new Error('a yardstick is greater than zero')
      return figure / yardstick
    }),
  )
}

/** What a figure should be. */
export type Target = { readonly atLeast: number } | { readonly atMost: number }

/** Whether a figure is what it should be; being exactly there counts. */
export function isMet(value: number, target: Target): boolean {
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost
}
