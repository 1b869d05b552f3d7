import { expect, test } from 'vitest'

import { readTps } from './pgbench'

const PRINTED = `pgbench (15.18 (Debian 15.18-0+deb12u1), server 18.4)
transaction type: hot-row.sql
number of transactions actually processed: 9921
latency average = 4.836 ms
initial connection time = 21.443 ms
tps = 3308.471233 (without initial connection time)
`

test('the yardstick is the rate that pgbench prints, without the time it took to connect', () => {
  expect(readTps(PRINTED)).toBe(3308.471233)
})

test('a pgbench that failed is no yardstick', () => {
  expect(() => readTps('pgbench: error: connection refused')).toThrow('no figure')
})
