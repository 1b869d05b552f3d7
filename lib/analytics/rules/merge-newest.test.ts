import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { mergeNewest, mergeOldest } from './merge-newest'

type Item = { readonly writtenAt: Date; readonly name: string }
const items = (prefix: string, instants: readonly number[]): Item[] =>
  instants.map((instant, index) => ({ writtenAt: new Date(instant), name: `${prefix}${index}` }))

describe('two lists merged', () => {
  it('keep the order of each and lose nothing within the limit', () => {
    const instants = fc.array(fc.nat(50))
    fc.assert(
      fc.property(instants, instants, fc.nat(60), (left, right, limit) => {
        const merged = mergeNewest(items('l', left), items('r', right), limit).map(({ name }) => name)
        expect(merged).toHaveLength(Math.min(limit, left.length + right.length))
        for (const prefix of ['l', 'r']) {
          const own = merged.filter((name) => name.startsWith(prefix))
          expect(own).toEqual(own.map((_, index) => `${prefix}${index}`))
        }
      }),
    )
  })

  it('come out the same from either end when each is in order', () => {
    const instants = fc.array(fc.nat(20)).map((list) => list.toSorted((one, other) => other - one))
    fc.assert(
      fc.property(instants, instants, (left, right) => {
        const newest = mergeNewest(items('l', left), items('r', right), 1_000)
        const oldest = mergeOldest(items('l', left).toReversed(), items('r', right).toReversed(), 1_000)
        expect(oldest.toReversed()).toEqual(newest)
      }),
    )
  })
})
