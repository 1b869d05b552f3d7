import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'

import { DATA_FOLDER, localSecrets, readDotEnv } from './installation'
import { CLUSTER_PASSWORD, CLUSTER_USER } from './postgres'
import { requireEnvironment } from './process'

/** What a command says that finds no installation. */
export const NOT_RUNNING = 'Start Purser first (npm run dev), or give DATABASE_URL.'

/**
 * Sets the environment of a command to the installation that it is for: the one of the environment or `.env`, or else what `npm run dev`
 * runs on this machine. False when there is neither. Ends the process when the environment is wrong.
 */
export async function joinInstallation(): Promise<boolean> {
  readDotEnv()
  if ((process.env['DATABASE_URL'] ?? '') === '' && !(await joinLocalInstallation())) return false
  requireEnvironment()
  return true
}

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
