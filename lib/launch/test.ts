import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CHECKS, describeOutcome, endStepsWithThisProcess, runSideBySide, runStep, type Outcome } from './steps'
import { countPlaywright, countVitest, sumCounts, type Counts } from './test-counts'

/** How a step ended and what it adds to the last line. */
type Counted = Outcome & Counts

/** `npm test`: everything that must hold, past each failure to the end. The last line is `N passed, N failed`. */
async function testEverything(withBrowser: boolean): Promise<void> {
  const reports = await mkdtemp(path.join(tmpdir(), 'purser-reports-'))
  const steps: Counted[] = (await runSideBySide(CHECKS)).map(countStep)
  steps.push(await runVitest('unit', path.join(reports, 'unit.json')))
  steps.push(await runVitest('db', path.join(reports, 'db.json')))
  steps.push(countStep(await runStep({ name: 'build', script: 'build' })))
  if (withBrowser) steps.push(await runPlaywright(path.join(reports, 'browser.json')))
  await rm(reports, { recursive: true, force: true })

  console.log('')
  for (const { name, isPassed, durationMs, passed, failed } of steps)
    console.log(`${describeOutcome(name, isPassed && failed === 0, durationMs)}  ${passed} passed, ${failed} failed`)
  const { passed, failed } = sumCounts(steps)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
  console.log(`${passed} passed, ${failed} failed`)
}

function countStep(outcome: Outcome): Counted {
  return { ...outcome, passed: outcome.isPassed ? 1 : 0, failed: outcome.isPassed ? 0 : 1 }
}

async function runVitest(project: 'unit' | 'db', report: string): Promise<Counted> {
  const flags = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const count = async (isPassed: boolean) => countVitest(await readReport(report), isPassed)
  const step = { name: project, script: `test:${project}`, flags }
  const outcome = await runStep(step, async () => (await count(true)).failed === 0)
  return { ...outcome, ...(await count(outcome.isPassed)) }
}

async function runPlaywright(report: string): Promise<Counted> {
  const environment = { PLAYWRIGHT_JSON_OUTPUT_FILE: report }
  const outcome = await runStep({
    name: 'browser',
    script: 'test:browser',
    flags: ['--reporter=line,json'],
    environment,
  })
  return { ...outcome, ...countPlaywright(await readReport(report), outcome.isPassed) }
}

async function readReport(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => 'null')
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const flags = process.argv.slice(2)
const unknown = flags.filter((flag) => flag !== '--without-browser')
if (unknown.length > 0) {
  console.error(`npm test does not know ${unknown.join(' ')}. It knows --without-browser.`)
  process.exitCode = 2
} else {
  endStepsWithThisProcess()
  await testEverything(!flags.includes('--without-browser'))
}
