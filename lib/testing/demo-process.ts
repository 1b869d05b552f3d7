import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'

/** The product with its demo, running for a journey. */
export type Demo = {
  readonly url: string
  readonly sandboxUrl: string
  /** The secret key that the sandbox's control API wants. */
  readonly stripeKey: string
  /** A key of the machine API in test mode. */
  readonly apiKey: string
  readonly demoPassword: string
}

const ROOT = path.resolve(import.meta.dirname, '../..')
const START_WITHIN_MS = 120_000

/** Serves the production build with fresh demo data. Throws with what it printed when it does not come up. */
export async function startDemo(): Promise<{ readonly demo: Demo; readonly stop: () => Promise<void> }> {
  const child = spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', 'lib/launch/demo.ts'], {
    cwd: ROOT,
    env: withoutServices(process.env),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const exited = once(child, 'exit')
  let output = ''
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const signal = AbortSignal.timeout(START_WITHIN_MS)
  const ready = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
      if (line.startsWith('{"ready":')) resolve(line)
      else output += `${line}\n`
    })
  })
  const failed = Promise.race([exited, once(signal, 'abort')]).then(() => {
    throw new Error(`The demo did not come up:\n${output}`)
  })
  const { ready: url, ...rest } = JSON.parse(await Promise.race([ready, failed])) as Omit<Demo, 'url'> & {
    readonly ready: string
  }
  failed.catch(() => undefined)
  return {
    demo: { ...rest, url },
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** A journey never meets a database, a Stripe account or a mail server that somebody configured. */
function withoutServices(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = { ...environment }
  for (const name of [
    'DATABASE_URL',
    'STRIPE_SECRET_KEY',
    'STRIPE_WEBHOOK_SECRET',
    'STRIPE_API_BASE',
    'SMTP_URL',
    'APP_URL',
  ]) {
    delete kept[name]
  }
  return kept
}
