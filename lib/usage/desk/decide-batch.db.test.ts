import { afterAll, beforeAll, expect, it } from 'vitest'

import { newId } from '@/lib/db/ids'
import { readAccountDueHolds } from '@/lib/db/holds'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { valueOf } from '@/lib/testing/ledger'
import { giveCredit } from '@/lib/testing/ledger-factory'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'

import { decideBatch } from './decide-batch'
import type { AuthorizeRequest, DeskRequest } from './request'

const job = { kind: 'job', task: 'test' } as const
const START = new Date('2027-01-01T00:00:00Z')
const seconds = (count: number) => new Date(START.getTime() + count * 1_000)

let database: TestDatabase
let org: TestOrganization

beforeAll(async () => {
  database = await openTestDatabase()
  org = await createOrganization()
  await giveCredit(org.account.id, { amount: '10', at: START, purpose: 'Trial' })
})
afterAll(() => database.drop())

const authorization = (key: string, at: Date): AuthorizeRequest => ({
  kind: 'authorize',
  actor: job,
  account: org.account,
  clock: { now: () => at },
  holdId: newId(),
  size: { asset: 'credit', amountText: '1', meter: null },
  subject: { member: null, key: null, resource: null, model: null, feature: null, dimensions: {} },
  expiresInSeconds: 10,
  once: { mode: org.account.mode, route: 'test', key, bodyHash: key },
})

it('decides what is asked now by now, also beside the sweep that goes by the instant at which a hold expired', async () => {
  await decideBatch([authorization('first', START)])
  const [due] = await readAccountDueHolds(org.account.id, seconds(10))
  if (due === undefined) throw new Error('no hold is due')
  const sweep: DeskRequest = {
    kind: 'expire',
    actor: job,
    account: org.account,
    hold: due,
    clock: { now: () => seconds(10) },
  }
  const [expired, made] = await decideBatch([sweep, authorization('second', seconds(60))])
  expect(expired?.ok).toBe(true)
  const { hold } = valueOf(made ?? { ok: false }) as { hold: { answer: string } }
  expect(JSON.parse(hold.answer)).toMatchObject({
    status: 'open',
    created_at: seconds(60).toISOString(),
    expires_at: seconds(70).toISOString(),
  })
})
