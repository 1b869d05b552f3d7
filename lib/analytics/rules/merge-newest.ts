/** Something with an instant at which it was written. */
type Written = { readonly writtenAt: Date }

/**
 * Merges two lists, each newest first, into one that is newest first, at most `limit` long. Within a list the order given stands even
 * where instants do not agree with it: a journal's order is its sequence.
 */
export function mergeNewest<Left extends Written, Right extends Written>(
  left: readonly Left[],
  right: readonly Right[],
  limit: number,
): readonly (Left | Right)[] {
  return merge(left, right, limit, (one, other) => one.writtenAt >= other.writtenAt)
}

/** The same for two lists that are oldest first. Where instants are equal it takes the right one first, so that the two directions agree. */
export function mergeOldest<Left extends Written, Right extends Written>(
  left: readonly Left[],
  right: readonly Right[],
  limit: number,
): readonly (Left | Right)[] {
  return merge(left, right, limit, (one, other) => one.writtenAt < other.writtenAt)
}

function merge<Left, Right>(
  left: readonly Left[],
  right: readonly Right[],
  limit: number,
  isLeftFirst: (one: Left, other: Right) => boolean,
): readonly (Left | Right)[] {
  const merged: (Left | Right)[] = []
  let leftIndex = 0
  let rightIndex = 0
  while (merged.length < limit) {
    const one = left[leftIndex]
    const other = right[rightIndex]
    if (one === undefined && other === undefined) break
    if (one !== undefined && (other === undefined || isLeftFirst(one, other))) {
      merged.push(one)
      leftIndex += 1
    } else if (other !== undefined) {
      merged.push(other)
      rightIndex += 1
    }
  }
  return merged
}
