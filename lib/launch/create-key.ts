/** `npm run keys:create -- --mode test --name NAME`: makes an API key and prints its secret, which is shown this once. */
import { parseArgs } from 'node:util'

import { systemClock } from '../clock'
import { closePool } from '../db/pool'
import { createApiKey } from '../organizations/create-api-key'
import { joinInstallation, NOT_RUNNING } from './join-installation'

const USAGE = 'Use: npm run keys:create -- --mode test --name NAME (the mode is test or live)'

process.exitCode = await createKey()
await closePool()

async function createKey(): Promise<number> {
  const { mode, name } = readArguments()
  if ((mode !== 'test' && mode !== 'live') || name === undefined) return fail(USAGE)
  if (!(await joinInstallation())) return fail(NOT_RUNNING)
  const made = await createApiKey({ kind: 'job', task: 'create-key' }, { mode, name }, systemClock)
  if (!made.ok) return fail('Give a name of 1 to 120 characters on one line.')
  process.stderr.write(`Key ${made.value.key.id} (${mode}). Keep its secret: it is not shown again.\n`)
  process.stdout.write(`${made.value.secret}\n`)
  return 0
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
