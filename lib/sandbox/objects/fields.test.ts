import { expect, it } from 'vitest'
import { dollars, mergeMetadata, orNull } from './fields'

it('metadata keeps what is not named, replaces what is, and drops what is emptied', () => {
  expect(mergeMetadata({ a: '1', b: '2', c: '3' }, { b: '4', c: '' })).toEqual({ a: '1', b: '4' })
  expect(mergeMetadata({ a: '1' }, undefined)).toEqual({ a: '1' })
})

it('cents are written as dollars with two decimals', () => {
  expect([5, 50, 1250, 123_456_789].map(dollars)).toEqual(['$0.05', '$0.50', '$12.50', '$1,234,567.89'])
})

it('an empty parameter is the same as none', () => {
  expect([orNull(undefined), orNull(''), orNull('x')]).toEqual([null, null, 'x'])
})
