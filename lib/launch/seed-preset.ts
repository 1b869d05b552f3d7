/** `npm run db:seed -- --preset NAME`: sets a business up from its configuration, with a customer to look around with. */
import { parseArgs } from 'node:util'

import { applyPreset } from '../../prisma/presets/apply-preset'
import type { Preset } from '../../prisma/presets/preset'
import { PRESETS } from '../../prisma/presets/presets'
import { systemClock } from '../clock'
import { readId } from '../db/ids'
import { closePool } from '../db/pool'
import { env } from '../env'
import { createApiKey } from '../organizations/create-api-key'
import { listApiKeys } from '../organizations/list-api-keys'
import { joinInstallation, NOT_RUNNING } from './join-installation'
import { migrateAll } from './migrate'

const SEED = { kind: 'job', task: 'seed' } as const
const NAMES = [...PRESETS.keys()].join(', ')

process.exitCode = await seedPreset()
await closePool()
// Prisma's engine leaves a timer running.
process.exit()

async function seedPreset(): Promise<number> {
  const name = readName()
  if (name === undefined) return fail(`Use: npm run db:seed -- --preset NAME\nNAME is one of ${NAMES}.`)
  const preset = PRESETS.get(name)
  if (preset === undefined) return fail(`There is no preset "${name}". Choose one of ${NAMES}.`)
  if (!(await joinInstallation())) return fail(NOT_RUNNING)
  try {
    await migrateAll(env().DATABASE_URL)
    const { keyId, secret, since } = await ensureKey(`Preset ${name}`)
    const key = { kind: 'key', keyId, mode: 'test' } as const
    const lines = await applyPreset({ key, name, since, clock: systemClock }, preset)
    const text = [...lines, ...nextStep(preset, name, secret)].map((line) => `    ${line}\n`).join('')
    process.stdout.write(`\n  ${name}\n${text}\n`)
    return 0
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

/** The test key that the preset is set up with: made the first time, when its secret is known, and the same one again. */
async function ensureKey(name: string): Promise<{ keyId: string; secret: string | null; since: Date }> {
  const keys = await listApiKeys(SEED)
  if (!keys.ok) throw new Error('The API keys cannot be read.')
  const known = keys.value.filter((key) => key.name === name && key.mode === 'test')
  const first = known.at(-1)
  const usable = known.find((key) => key.revokedAt === null)
  if (first !== undefined && usable !== undefined) {
    return { ...idOf(usable.id), secret: null, since: new Date(first.createdAt) }
  }
  const made = await createApiKey(SEED, { mode: 'test', name }, systemClock)
  if (!made.ok) throw new Error('The API key cannot be made.')
  const { key, secret } = made.value
  return { ...idOf(key.id), secret, since: new Date((first ?? key).createdAt) }
}

function idOf(shown: string): { readonly keyId: string } {
  const keyId = readId('key', shown)
  if (keyId === null) throw new Error(`${shown} is not the id of a key`)
  return { keyId }
}

function nextStep(preset: Preset, name: string, secret: string | null): readonly string[] {
  const [organization = ''] = Object.keys(preset.organizations)
  const shown =
    secret === null
      ? [`Its test key "Preset ${name}" was shown when it was made. For another: npm run keys:create`]
      : [`Test API key, shown this once: ${secret}`]
  return [
    ...shown,
    'Next, see what its customer has:',
    `  curl ${env().APP_URL}/api/v1/organizations/${organization}/balance \\`,
    `    -H 'Authorization: Bearer ${secret ?? 'sk_test_…'}'`,
  ]
}

function readName(): string | undefined {
  try {
    return parseArgs({ options: { preset: { type: 'string' } } }).values.preset
  } catch {
    return undefined
  }
}

function fail(sentence: string): number {
  process.stderr.write(`${sentence}\n`)
  return 1
}
