import { expect, test } from 'vitest'
import { countPlaywright, countVitest, sumCounts } from './test-counts'

function vitest(numPassedTests: number, numFailedTests: number, testResults: readonly unknown[] = []) {
  return { numPassedTests, numFailedTests, testResults }
}

function playwright(expected: number, unexpected: number, flaky = 0, errors: readonly unknown[] = []) {
  return { stats: { expected, unexpected, flaky }, errors }
}

test('passed and failed tests are counted as the reports say', () => {
  expect(countVitest(vitest(7, 2), false)).toEqual({ passed: 7, failed: 2 })
  expect(countPlaywright(playwright(5, 1), false)).toEqual({ passed: 5, failed: 1 })
})

test('a file that does not load is a failure, though none of its tests ran', () => {
  const broken = { status: 'failed', assertionResults: [] }
  const failing = { status: 'failed', assertionResults: [{ status: 'failed' }] }
  expect(countVitest(vitest(7, 1, [broken, failing]), false)).toEqual({ passed: 7, failed: 2 })
})

test('a run that ends badly without naming a test is a failure', () => {
  expect(countVitest(vitest(7, 0), false)).toEqual({ passed: 7, failed: 1 })
  expect(countPlaywright(playwright(5, 0), false)).toEqual({ passed: 5, failed: 1 })
})

test('a run without a test or without a report is a failure, however it ended', () => {
  expect(countVitest(vitest(0, 0), true)).toEqual({ passed: 0, failed: 1 })
  expect(countPlaywright(playwright(0, 0), true)).toEqual({ passed: 0, failed: 1 })
  expect(countVitest(null, true)).toEqual({ passed: 0, failed: 1 })
  expect(countPlaywright({}, true)).toEqual({ passed: 0, failed: 1 })
})

test('a test that passed only when run again, and an error outside every test, are failures', () => {
  expect(countPlaywright(playwright(5, 0, 1, [{ message: 'no browser' }]), false)).toEqual({ passed: 5, failed: 2 })
})

test('counts add up', () => {
  expect(
    sumCounts([
      { passed: 1, failed: 2 },
      { passed: 3, failed: 4 },
    ]),
  ).toEqual({ passed: 4, failed: 6 })
})
