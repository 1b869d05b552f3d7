import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { sandboxControl, type SandboxControl } from './sandbox-control'

const ROOT = path.resolve(import.meta.dirname, '../..')
const START_TIMEOUT_MS = 30_000

/** The keys of every sandbox that tests start. */
export const SANDBOX_KEYS = { secretKey: 'sk_test_sandboxtests', webhookSecret: 'whsec_sandboxtests' } as const

/** What Stripe's API answered. `body` is loosely typed: tests look into it. */
export type ApiAnswer = {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

/** A sandbox in a process of its own. */
export type SandboxProcess = {
  readonly url: string
  readonly control: SandboxControl
  /** One raw request to Stripe's API, as a form. */
  readonly api: (
    method: 'GET' | 'POST',
    path: string,
    fields?: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<ApiAnswer>
  /** Ends it, politely unless told otherwise, and answers with the exit code. */
  readonly stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<number | null>
}

/** Starts the Stripe sandbox on a free port, with its state in the given database. */
export async function startSandboxProcess(databaseUrl: string): Promise<SandboxProcess> {
  const child = spawnSandbox({
    SANDBOX_DATABASE_URL: databaseUrl,
    SANDBOX_SECRET_KEY: SANDBOX_KEYS.secretKey,
    SANDBOX_WEBHOOK_SECRET: SANDBOX_KEYS.webhookSecret,
  })
  const url = await listeningUrl(child)
  return {
    url,
    control: sandboxControl({ url, secretKey: SANDBOX_KEYS.secretKey }),
    api: (method, apiPath, fields, headers) => askApi(url, method, apiPath, fields, headers),
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const ended = once(child, 'exit')
      child.kill(signal)
      const [code] = (await ended) as [number | null]
      return code
    },
  }
}

/** Starts the process with exactly these settings and nothing else of ours. */
export function spawnSandbox(settings: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', 'lib/sandbox/main.ts'], {
    cwd: ROOT,
    env: { PATH: path.dirname(process.execPath), NODE_ENV: 'test', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function askApi(
  url: string,
  method: 'GET' | 'POST',
  apiPath: string,
  fields: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<ApiAnswer> {
  const form = new URLSearchParams(fields)
  const answer = await fetch(`${url}${apiPath}${method === 'GET' ? `?${form.toString()}` : ''}`, {
    method,
    headers: { authorization: `Bearer ${SANDBOX_KEYS.secretKey}`, ...headers },
    ...(method === 'POST' ? { body: form } : {}),
  })
  const body = (await answer.json()) as Record<string, unknown>
  return { status: answer.status, headers: answer.headers, body }
}

async function listeningUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null || child.stderr === null) throw new Error('the sandbox has no output to read')
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-4000)
  })
  const lines = createInterface({ input: child.stdout })
  const waited = AbortSignal.timeout(START_TIMEOUT_MS)
  const first = once(lines, 'line', { signal: waited }) as Promise<[string]>
  const ended = once(child, 'exit', { signal: waited }).then(() => {
    throw new Error(`The sandbox did not start: ${complaint}`)
  })
  const [line] = await Promise.race([first, ended])
  ended.catch(() => undefined)
  return (JSON.parse(line) as { listening: string }).listening
}
