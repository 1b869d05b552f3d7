/**
 * Writes the demo: people, prices, and 45 days of purchases and usage, through the same verbs that everybody uses, with a clock
 * that is moved. Told again for the same instant (`SEED_AT`) it changes nothing. Prints a test key as its last line.
 */
import { hashPassword } from '@/lib/auth/passwords'
import { systemClock } from '@/lib/clock'
import { readId } from '@/lib/db/ids'
import { writeOperatorPolicy } from '@/lib/db/organizations'
import { closePool } from '@/lib/db/pool'
import { findUserByEmail } from '@/lib/db/users'
import { env } from '@/lib/env'
import { createApiKey } from '@/lib/organizations/create-api-key'
import { ensureDemoPeople } from '@/lib/organizations/ensure-demo-people'
import { readAccount } from '@/lib/organizations/read-account'
import { sandboxControl } from '@/lib/testing/sandbox-control'

import { tellDays, tellPrices, type Story } from './demo/story'

const OWNER = 'ana@acme.dev'
const { SEED_AT, SEED_PASSWORD = 'purser-demo' } = process.env
const at = SEED_AT === undefined ? new Date() : new Date(SEED_AT)
const seed = { kind: 'job', task: 'seed' } as const

await writeOperatorPolicy({ purchase_expiry: { days: 365 } }, at)
const people = await ensureDemoPeople(
  seed,
  { mode: 'test', passwordHash: await hashPassword(SEED_PASSWORD) },
  systemClock,
)
const key = await createApiKey(seed, { mode: 'test', name: 'Demo key' }, systemClock)
const owner = await findUserByEmail(OWNER)
const keyId = key.ok ? readId('key', key.value.key.id) : null
if (!people.ok || !key.ok || owner === null || keyId === null) throw new Error('The people of the demo cannot be made.')

const story: Story = {
  at,
  account: await readAccount(people.value.accountId),
  owner: { kind: 'user', userId: owner.id, organizationId: people.value.organizationId, role: 'owner', seat: 'pro' },
  key: { kind: 'key', keyId, mode: 'test' },
  origin: env().APP_URL,
  sandbox: sandboxControl({ url: env().STRIPE_API_BASE ?? '', secretKey: env().STRIPE_SECRET_KEY }),
}
await tellPrices(story)
await tellDays(story, (daysLeft) => process.stdout.write(`Demo data: ${daysLeft} days to go\n`))
await closePool()
process.stdout.write(`${JSON.stringify({ ready: key.value.secret })}\n`)
process.exit(0)
