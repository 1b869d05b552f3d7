import { expect, test } from 'vitest'

import { missedOf, tableOf, valuesOf, type Figure } from './figures'

const FIGURES: readonly Figure[] = [
  { name: 'hot_ratio', what: 'debits', measured: '14,000 /s', value: 4.236, target: { atLeast: 4 } },
  { name: 'history_ratio', what: 'old ÷ young', measured: '0.2 ms', value: 1.2, target: { atMost: 1.15 } },
  { name: 'next_single_ratio', what: 'for comparison', measured: '500 /s', value: 0.15, target: null },
]

test('the table says of each figure what it is, what it should be, and whether it is', () => {
  const [, , hot, history, next] = tableOf(FIGURES).split('\n')
  expect(hot).toMatch(/^hot_ratio +debits +14,000 \/s +4\.24 +≥ 4 +met$/)
  expect(history).toMatch(/^history_ratio .* 1\.20 +≤ 1\.15 +NOT MET$/)
  expect(next).toMatch(/^next_single_ratio .* 0\.15$/)
})

test('a program reads each figure by its name, unrounded', () => {
  expect(valuesOf(FIGURES)).toEqual({ hot_ratio: 4.236, history_ratio: 1.2, next_single_ratio: 0.15 })
})

test('what misses its target is named', () => {
  expect(missedOf(FIGURES)).toEqual(['history_ratio'])
})
