/** `npm run keys:create -- --mode test --name NAME`: makes an API key and prints its secret, which is shown this once. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { systemClock } from '../clock'
import { closePool } from '../db/pool'
import { createApiKey } from '../organizations/create-api-key'
import { DATA_FOLDER, localSecrets, readDotEnv } from './installation'
import { CLUSTER_PASSWORD, CLUSTER_USER } from './postgres'
import { requireEnvironment } from './process'

const USAGE = 'Use: npm run keys:create -- --mode test --name NAME (the mode is test or live)'
const NOT_RUNNING = 'Start Purser first (npm run dev), or give DATABASE_URL.'

process.exitCode = await createKey()
await closePool()

async function createKey(): Promise<number> {
  const { mode, name } = readArguments()
  if ((mode !== 'test' && mode !== 'live') || name === undefined) return fail(USAGE)
  readDotEnv()
  if ((process.env['DATABASE_URL'] ?? '') === '' && !(await joinLocalInstallation())) return fail(NOT_RUNNING)
  requireEnvironment()
  const made = await createApiKey({ kind: 'job', task: 'create-key' }, { mode, name }, systemClock)
  if (!made.ok) return fail('Give a name of 1 to 120 characters on one line.')
  process.stderr.write(`Key ${made.value.key.id} (${mode}). Keep its secret: it is not shown again.\n`)
  process.stdout.write(`${made.value.secret}\n`)
  return 0
}

/** Sets the environment to what `npm run dev` runs on this machine. False when it does not run. */
async function joinLocalInstallation(): Promise<boolean> {
  const pidFile = path.join(DATA_FOLDER, 'postgres', 'postmaster.pid')
  const port = existsSync(pidFile) ? (await readFile(pidFile, 'utf8')).split('\n')[3] : undefined
  if (port === undefined) return false
  const { authSecret, stripeKey, webhookSecret } = await localSecrets(DATA_FOLDER)
  process.env['DATABASE_URL'] = `postgresql://${CLUSTER_USER}:${CLUSTER_PASSWORD}@127.0.0.1:${port}/purser`
  process.env['AUTH_SECRET'] ??= authSecret
  process.env['STRIPE_SECRET_KEY'] ??= stripeKey
  process.env['STRIPE_WEBHOOK_SECRET'] ??= webhookSecret
  return true
}

function readArguments(): { readonly mode?: string | undefined; readonly name?: string | undefined } {
  try {
    return parseArgs({ options: { mode: { type: 'string' }, name: { type: 'string' } } }).values
  } catch {
    return {}
  }
}

function fail(sentence: string): number {
  process.stderr.write(`${sentence}\n`)
  return 1
}
