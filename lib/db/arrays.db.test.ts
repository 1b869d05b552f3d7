import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'

import { instantArray, plainArray, textArray } from './arrays'
import { query } from './pool'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
}, 60_000)

afterAll(() => database.drop())

/** Anything that PostgreSQL can store: no character zero. */
const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\u0000', ''))
const hostile = fc.constantFrom(
  '',
  'NULL',
  'null',
  '"',
  '\\',
  '\\"',
  ',',
  '{',
  '}',
  '{a,b}',
  ' ',
  ' a ',
  "'",
  '\n',
  '💳',
)

describe('an array parameter', () => {
  it('comes back as it was given, whatever the text', async () => {
    const values = fc.array(fc.option(fc.oneof(hostile, text)), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(values, async (given) => {
        const [row] = await query('SELECT $1::text[] AS read', [textArray(given)])
        expect(row?.['read']).toEqual(given)
      }),
      { numRuns: 60 },
    )
  })

  it('carries numbers, words and nothing', async () => {
    const [row] = await query('SELECT $1::bigint[] AS amounts, $2::boolean[] AS flags, $3::text[] AS words', [
      plainArray([9_000_000_000_000_000_000n, -1n, null, 7]),
      plainArray([true, false]),
      plainArray(['usage', null]),
    ])
    expect(row).toEqual({
      amounts: ['9000000000000000000', '-1', null, '7'],
      flags: [true, false],
      words: ['usage', null],
    })
  })

  it('carries instants to the millisecond', async () => {
    const at = new Date('2027-03-28T01:30:00.123Z')
    const [row] = await query('SELECT $1::timestamptz[] AS read', [instantArray([at])])
    expect(row?.['read']).toEqual([at])
  })
})
