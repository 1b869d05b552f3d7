import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** The secrets of an installation on this machine that nobody configured: made once, kept beside its data, never for production. */
export type LocalSecrets = {
  readonly authSecret: string
  readonly stripeKey: string
  readonly webhookSecret: string
  readonly demoPassword: string
  /** The instant that the demo data lead up to; null before they were begun. */
  readonly seedAt: string | null
  /** The secret of the test key that was made for the demo; null until then. */
  readonly apiKey: string | null
}

const FILE = 'local-secrets.json'

/** The folder of everything that a local installation keeps. */
export const DATA_FOLDER = path.join(process.cwd(), '.data')

/** Reads the local secrets of a data folder, or makes them. Readable by their owner only. */
export async function localSecrets(folder: string): Promise<LocalSecrets> {
  const file = path.join(folder, FILE)
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as LocalSecrets
  const secrets: LocalSecrets = {
    authSecret: randomBytes(32).toString('base64url'),
    stripeKey: `sk_test_${randomBytes(18).toString('hex')}`,
    webhookSecret: `whsec_${randomBytes(24).toString('hex')}`,
    demoPassword: `purser-${randomBytes(4).toString('hex')}`,
    seedAt: null,
    apiKey: null,
  }
  await keepSecrets(folder, secrets)
  return secrets
}

/** Keeps the local secrets of a data folder. */
export async function keepSecrets(folder: string, secrets: LocalSecrets): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, FILE), `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
}

/** Reads `.env` into this process's environment, if there is one. What is set already wins. */
export function readDotEnv(): void {
  if (existsSync('.env')) process.loadEnvFile('.env')
}
