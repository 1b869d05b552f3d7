import { z } from 'zod'

/** How many test cases passed and failed. */
export type Counts = { readonly passed: number; readonly failed: number }

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
})

const playwrightReport = z.object({
  errors: z.array(z.unknown()),
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
})

/**
 * Counts a run by its JSON report, never by its printed text. A run that failed without naming a failed test (a file
 * that does not load, a set-up that throws, no test found, no report) has one failure.
 */
export function countVitest(report: unknown, isPassed: boolean): Counts {
  const parsed = vitestReport.safeParse(report)
  if (!parsed.success) return { passed: 0, failed: 1 }
  const { numPassedTests, numFailedTests, testResults } = parsed.data
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((result) => result.status === 'failed'),
  )
  return atLeastOneFailure({ passed: numPassedTests, failed: numFailedTests + broken.length }, isPassed)
}

/** As `countVitest`, for Playwright's JSON report. A test that passed only when run again has failed. */
export function countPlaywright(report: unknown, isPassed: boolean): Counts {
  const parsed = playwrightReport.safeParse(report)
  if (!parsed.success) return { passed: 0, failed: 1 }
  const { errors, stats } = parsed.data
  return atLeastOneFailure({ passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length }, isPassed)
}

/** Adds up counts. */
export function sumCounts(counts: readonly Counts[]): Counts {
  return counts.reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }), {
    passed: 0,
    failed: 0,
  })
}

function atLeastOneFailure({ passed, failed }: Counts, isPassed: boolean): Counts {
  const isSilent = failed === 0 && (!isPassed || passed === 0)
  return { passed, failed: isSilent ? 1 : failed }
}
