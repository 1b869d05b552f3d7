import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { query } from '@/lib/db/pool'
import { movableClock } from '@/lib/testing/clock'
import { openTestDatabase } from '@/lib/testing/environment'

import type { Actor } from '../auth/rules/actor'
import { createOrganizationSchema } from './contract'
import { createOrganization, type CreatingActor } from './create-organization'
import { readOrganization } from './read-organization'

const clock = movableClock()
const key = (mode: 'live' | 'test'): CreatingActor => ({ kind: 'key', keyId: `${mode}-key`, mode })
const body = (externalId: string, fields: object = {}) =>
  createOrganizationSchema.parse({ external_id: externalId, name: 'Acme AI', ...fields })

let drop: () => Promise<void>
beforeAll(async () => {
  drop = (await openTestDatabase()).drop
})
afterAll(() => drop())

async function countOf(externalId: string) {
  const rows = await query('SELECT DISTINCT organization_id FROM billing_account WHERE external_id = $1', [externalId])
  return rows.length
}

describe('createOrganization', () => {
  it('answers the same organization to the same body, and a conflict to another', async () => {
    const first = await createOrganization(key('test'), body('replay'), clock)
    const again = await createOrganization(key('test'), body('replay'), clock)
    const other = await createOrganization(key('test'), body('replay', { name: 'Another' }), clock)
    expect(first).toMatchObject({ ok: true, value: { created: true, organization: { timeZone: 'UTC', mode: 'test' } } })
    expect(again).toMatchObject({ ok: true, value: { created: false } })
    expect(first.ok && again.ok && first.value.organization).toEqual(again.ok && again.value.organization)
    expect(other).toMatchObject({ ok: false, error: { code: 'conflict' } })
  })

  it('makes one organization when asked eight times at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => createOrganization(key('test'), body('race'), clock)),
    )
    expect(answers.filter((answer) => answer.ok && answer.value.created)).toHaveLength(1)
    expect(answers.every((answer) => answer.ok)).toBe(true)
    expect(await countOf('race')).toBe(1)
  })

  it('gives one customer two accounts when a live and a test key create it at once', async () => {
    const answers = await Promise.all([
      createOrganization(key('test'), body('both'), clock),
      createOrganization(key('live'), body('both'), clock),
    ])
    const [test, live] = answers.map((answer) => (answer.ok ? answer.value : null))
    expect(test?.created && live?.created).toBe(true)
    expect(test?.organization.id).toBe(live?.organization.id)
    expect(test?.organization.accountId).not.toBe(live?.organization.accountId)
  })

  it('finds a free address for every organization of one name, also at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, index) =>
        createOrganization(key('test'), body(`same-name-${index}`, { name: 'Twin' }), clock),
      ),
    )
    const slugs = answers.map((answer) => (answer.ok ? answer.value.organization.slug : 'refused'))
    expect(new Set(slugs)).toEqual(new Set(['twin', 'twin-2', 'twin-3', 'twin-4']))
  })
})

describe('readOrganization', () => {
  it('finds by our id and by theirs, in the key’s own mode only', async () => {
    const made = await createOrganization(key('test'), body('find-me'), clock)
    const id = made.ok ? made.value.organization.id : ''
    for (const organization of [id, 'find-me']) {
      expect(await readOrganization(key('test'), { mode: 'test', organization })).toMatchObject({
        ok: true,
        value: { externalId: 'find-me', policy: { at_zero: { value: 'deny', source: 'default' } } },
      })
      for (const wrong of ['live', 'test'] as const) {
        expect(await readOrganization(key('live'), { mode: wrong, organization })).toMatchObject({
          error: { code: 'not_found' },
        })
      }
    }
  })

  it.each([
    '',
    'nobody',
    'org_',
    'org_00000000000000000000000000',
    '\u0000',
    "' OR 1=1 --",
    'ent_01h455vb4pex5vsknk084sn02q',
    'x'.repeat(100_000),
  ])('answers not found for the hostile name %j', async (organization) => {
    expect(await readOrganization(key('test'), { mode: 'test', organization })).toMatchObject({
      error: { code: 'not_found' },
    })
  })

  it('refuses a member of another organization without saying that it exists', async () => {
    const member: Actor = { kind: 'user', userId: 'u', organizationId: 'elsewhere', role: 'owner', seat: 'pro' }
    expect(await readOrganization(member, { mode: 'test', organization: 'find-me' })).toMatchObject({
      error: { code: 'not_found' },
    })
  })
})
