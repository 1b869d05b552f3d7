import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A process of the product that is up. */
export type Child = {
  readonly name: string
  readonly pid: number
  /** What it said when it was ready, such as the address it listens on. */
  readonly announcement: Readonly<Record<string, string>>
  readonly exited: Promise<number | null>
  readonly stop: () => Promise<void>
}

const START_WITHIN_MS = 120_000
const STOP_WITHIN_MS = 10_000

/**
 * Megabytes for what is young. Nearly all that a request makes is garbage as soon as it is answered: with room for it, the collector runs
 * less often and has less to move, which was a sixth of the time of the web process under load.
 */
export const YOUNG_SPACE = '--max-semi-space-size=64'

/**
 * Starts a TypeScript file as a process of its own and waits until it says, as one line of JSON, that it is ready. What else it
 * prints goes to `print`. It hears of our end through the channel between us, even when we are killed. Throws when it ends
 * before it was ready.
 */
export async function startChild(
  name: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
  print: (line: string) => void,
): Promise<Child> {
  const child = spawn(process.execPath, [YOUNG_SPACE, '--conditions=react-server', '--import', 'tsx', file], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const ready = new Promise<Child['announcement']>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => {
        const announcement = readAnnouncement(line)
        if (announcement === null) print(line)
        else resolve(announcement)
      })
    }
  })
  const announcement = await Promise.race([ready, failure(name, exited)])
  const { pid } = child
  if (pid === undefined) throw new Error(`${name} has no process`)
  return { name, pid, announcement, exited, stop: () => stopChild(child, exited) }
}

async function failure(name: string, exited: Promise<number | null>): Promise<never> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`was not ready within ${START_WITHIN_MS / 1000} s`), START_WITHIN_MS)
    timer.unref()
  })
  const reason = await Promise.race([
    exited.then((code) => `ended with ${code ?? 'a signal'} before it was ready`),
    late,
  ])
  clearTimeout(timer)
  throw new Error(`${name} ${reason}`)
}

async function stopChild(child: ChildProcess, exited: Promise<number | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const forced = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
  await exited
  clearTimeout(forced)
}

function readAnnouncement(line: string): Readonly<Record<string, string>> | null {
  if (!line.startsWith('{"listening":') && !line.startsWith('{"ready":')) return null
  return JSON.parse(line) as Readonly<Record<string, string>>
}
