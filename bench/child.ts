import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

import { YOUNG_SPACE } from '../lib/launch/children'

/** A process of the benchmark that answers commands. */
export type BenchChild = {
  readonly pid: number
  /** Asks one thing; the one before must have been answered. Throws what went wrong there, or that the process ended. */
  readonly ask: <Answer>(command: object) => Promise<Answer>
  readonly stop: () => Promise<void>
}

type Reply = { readonly answer?: unknown; readonly error?: string }

/** Starts a file of this folder as a process of its own, so that what it does shares no event loop with what is measured. */
export function startBenchChild(file: string, environment: Readonly<Record<string, string>>): BenchChild {
  const child = fork(path.join(import.meta.dirname, file), {
    execArgv: [YOUNG_SPACE, '--conditions=react-server', '--import', 'tsx', ...profilerFlags()],
    env: { ...process.env, ...environment },
  })
  const exited = once(child, 'exit')
  const { pid } = child
  if (pid === undefined) throw new Error(`${file} does not start`)
  return {
    pid,
    ask: async <Answer>(command: object): Promise<Answer> => {
      const ended = exited.then((): never => {
        throw new Error(`${file} ended before it had answered`)
      })
      child.send(command)
      const [reply] = (await Promise.race([once(child, 'message'), ended])) as [Reply]
      if (reply.error !== undefined) throw new Error(`${file}: ${reply.error}`)
      return reply.answer as Answer
    },
    stop: async () => {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}

/** Answers the commands of the process that started this one, until it is gone. */
export function answerCommands<Command>(
  answer: (command: Command) => Promise<unknown>,
  close: () => Promise<void>,
): void {
  process.on('message', (command: Command) => {
    answer(command).then(
      (value) => process.send?.({ answer: value } satisfies Reply),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
  })
  process.on('disconnect', () => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
}

/** `BENCH_PROFILE=FOLDER` keeps a CPU profile of each process there, to be opened in Chromium's developer tools. */
function profilerFlags(): readonly string[] {
  const folder = process.env['BENCH_PROFILE']
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
}
