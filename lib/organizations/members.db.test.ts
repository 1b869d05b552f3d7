import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { DEMO_PEOPLE } from '@/lib/auth/rules/demo-people'
import type { Actor } from '@/lib/auth/rules/actor'
import { query } from '@/lib/db/pool'
import { ensureUser } from '@/lib/db/users'
import { movableClock } from '@/lib/testing/clock'
import { openTestDatabase } from '@/lib/testing/environment'

import { acceptInvitation } from './accept-invitation'
import { changeMember } from './change-member'
import { ensureDemoPeople } from './ensure-demo-people'
import { inviteMember } from './invite-member'
import { listMembers } from './list-members'
import { readInvitation } from './read-invitation'
import { removeMember } from './remove-member'
import { revokeInvitation } from './revoke-invitation'

const JOB: Actor = { kind: 'job', task: 'seed' }
const DAY = 86_400_000
const clock = movableClock()

type People = Readonly<Record<'owner' | 'admin' | 'member' | 'lite', Extract<Actor, { kind: 'user' }>>>
let drop: () => Promise<void>
let organizationId: string
let people: People
let suite = 0

beforeAll(async () => {
  drop = (await openTestDatabase()).drop
})
afterAll(() => drop())

beforeEach(async () => {
  suite += 1
  const organization = { externalId: `acme-${suite}`, name: `Acme ${suite}`, email: null, timeZone: 'UTC' }
  const made = await ensureDemoPeople(JOB, { mode: 'test', passwordHash: 'none', organization }, clock)
  if (!made.ok) throw new Error('The demo people could not be made.')
  organizationId = made.value.organizationId
  people = await actors()
})

async function actors(): Promise<People> {
  const rows = await query(
    `SELECT app_user.email, membership.* FROM membership JOIN app_user ON app_user.id = membership.user_id WHERE organization_id = $1`,
    [organizationId],
  )
  const find = (id: string) => {
    const row = rows.find(({ email }) => email === DEMO_PEOPLE.find((person) => person.id === id)?.email)
    const { user_id: userId, role, seat } = row as { user_id: string; role: 'owner'; seat: 'pro' }
    return { kind: 'user', userId, organizationId, role, seat } as const
  }
  return { owner: find('owner'), admin: find('admin'), member: find('member'), lite: find('lite') }
}

async function memberId(actor: Extract<Actor, { kind: 'user' }>): Promise<string> {
  const listed = await listMembers({ kind: 'operator', userId: 'o' }, { organizationId }, clock)
  const email = (await query('SELECT email FROM app_user WHERE id = $1', [actor.userId]))[0]?.['email']
  const member = listed.ok ? listed.value.members.find((someone) => someone.email === email) : undefined
  return member?.id ?? 'nobody'
}

/** Invites and returns the token, read from the mail: nothing else has it. */
async function invite(email: string, role: 'admin' | 'member' = 'member'): Promise<string> {
  const invited = await inviteMember(people.owner, { organizationId, email, role, seat: 'pro' }, clock)
  expect(invited).toMatchObject({ ok: true })
  const [mail] = await query('SELECT text FROM mail WHERE recipient = $1 ORDER BY id DESC LIMIT 1', [email])
  return /\/invite\/([\w-]+)/.exec(mail?.['text'] as string)?.[1] ?? 'no link'
}

const guest = async (email: string) => ensureUser({ email, name: 'Guest' }, clock.now())

describe('invitations', () => {
  it('mails a link that makes the invited person a member, once', async () => {
    const email = `new-${suite}@acme.dev`
    const token = await invite(email, 'admin')
    expect(await readInvitation(token, clock)).toMatchObject({ value: { status: 'open', role: 'admin', email } })
    const person = await guest(email)
    expect(await acceptInvitation({ userId: person.id }, { token }, clock)).toMatchObject({ ok: true })
    expect(await acceptInvitation({ userId: person.id }, { token }, clock)).toMatchObject({
      error: { code: 'not_found' },
    })
    expect(await readInvitation(token, clock)).toMatchObject({ value: { status: 'used' } })
    const listed = await listMembers(people.owner, { organizationId }, clock)
    expect(listed.ok && listed.value.members.filter((member) => member.email === email)).toMatchObject([
      { role: 'admin', seat: 'pro' },
    ])
  })

  it('accepted twice at once makes one membership', async () => {
    const email = `twice-${suite}@acme.dev`
    const token = await invite(email)
    const person = await guest(email)
    const answers = await Promise.all([1, 2, 3].map(() => acceptInvitation({ userId: person.id }, { token }, clock)))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
    expect(await query('SELECT id FROM membership WHERE user_id = $1', [person.id])).toHaveLength(1)
  })

  it('gives nothing to somebody who is signed in with another address', async () => {
    const token = await invite(`right-${suite}@acme.dev`)
    const thief = await guest(`wrong-${suite}@evil.dev`)
    expect(await acceptInvitation({ userId: thief.id }, { token }, clock)).toMatchObject({
      error: { code: 'conflict' },
    })
    expect(await query('SELECT id FROM membership WHERE user_id = $1', [thief.id])).toHaveLength(0)
    expect(await readInvitation(token, clock)).toMatchObject({ value: { status: 'open' } })
  })

  it('ends after seven days, when revoked, and when a newer one is sent', async () => {
    const email = `late-${suite}@acme.dev`
    const person = await guest(email)
    const replaced = await invite(email)
    const revoked = await invite(email)
    const listed = await listMembers(people.admin, { organizationId }, clock)
    const id = listed.ok ? (listed.value.invitations[0]?.id ?? '') : ''
    expect(await revokeInvitation(people.admin, { organizationId, invitationId: id }, clock)).toMatchObject({
      ok: true,
    })
    expect(await revokeInvitation(people.admin, { organizationId, invitationId: id }, clock)).toMatchObject({
      error: { code: 'not_found' },
    })
    const expired = await invite(email)
    const later = movableClock()
    later.advance(7 * DAY)
    for (const [token, at] of [
      [replaced, clock],
      [revoked, clock],
      [expired, later],
    ] as const) {
      expect(await acceptInvitation({ userId: person.id }, { token }, at)).toMatchObject({
        error: { code: 'not_found' },
      })
    }
    expect(await readInvitation(expired, later)).toMatchObject({ value: { status: 'expired' } })
  })

  it('refuses a member, and an admin who invites an owner', async () => {
    const input = { organizationId, email: 'x@acme.dev', role: 'member', seat: 'pro' } as const
    for (const actor of [people.member, people.lite]) {
      expect(await inviteMember(actor, input, clock)).toMatchObject({ error: { code: 'forbidden' } })
      expect(await revokeInvitation(actor, { organizationId, invitationId: 'inv_x' }, clock)).toMatchObject({
        error: { code: 'forbidden' },
      })
    }
    expect(await inviteMember(people.admin, { ...input, role: 'owner' }, clock)).toMatchObject({
      error: { code: 'forbidden' },
    })
    expect(await query('SELECT id FROM invitation WHERE organization_id = $1', [organizationId])).toHaveLength(0)
  })

  it('refuses an address that is a member already, and one that is none', async () => {
    for (const email of ['mia@acme.dev', 'nobody', 'a@b.dev\r\nBcc: c@d.dev']) {
      expect(
        await inviteMember(people.owner, { organizationId, email, role: 'member', seat: 'pro' }, clock),
      ).toMatchObject({
        error: { code: 'invalid_input', errors: [{ path: 'email' }] },
      })
    }
  })

  it.each(['', 'x', '\u0000', '../../etc', "' OR 1=1 --", 'a'.repeat(100_000)])(
    'opens nothing for the hostile token %j',
    async (token) => {
      expect(await readInvitation(token, clock)).toMatchObject({ error: { code: 'not_found' } })
      expect(await acceptInvitation({ userId: people.owner.userId }, { token }, clock)).toMatchObject({
        error: { code: 'not_found' },
      })
    },
  )
})

describe('members', () => {
  it('are listed for Pro seats, without invitations for members, and not for Lite seats', async () => {
    await invite(`seen-${suite}@acme.dev`)
    const asOwner = await listMembers(people.owner, { organizationId }, clock)
    const asMember = await listMembers(people.member, { organizationId }, clock)
    expect(asOwner).toMatchObject({ value: { canManage: true, invitations: [{ role: 'member' }] } })
    expect(asMember).toMatchObject({ value: { canManage: false, invitations: [] } })
    expect(asMember.ok && asMember.value.members.map(({ role }) => role)).toEqual([
      'owner',
      'admin',
      'member',
      'member',
    ])
    expect(await listMembers(people.lite, { organizationId }, clock)).toMatchObject({ error: { code: 'forbidden' } })
  })

  it('change role and seat, and the same change again changes nothing', async () => {
    const change = { organizationId, memberId: await memberId(people.lite), role: 'member', seat: 'pro' } as const
    expect(await changeMember(people.admin, change)).toMatchObject({ ok: true })
    expect(await changeMember(people.admin, change)).toMatchObject({ ok: true })
    expect((await actors()).lite).toMatchObject({ role: 'member', seat: 'pro' })
  })

  it('cannot change or remove anybody themselves', async () => {
    for (const actor of [people.member, people.lite]) {
      const target = { organizationId, memberId: await memberId(people.admin) }
      expect(await changeMember(actor, { ...target, role: 'member', seat: 'pro' })).toMatchObject({
        error: { code: 'forbidden' },
      })
      expect(await removeMember(actor, target)).toMatchObject({ error: { code: 'forbidden' } })
    }
    expect((await actors()).admin.role).toBe('admin')
  })

  it('cannot be reached from another organization, by its owner neither', async () => {
    const stranger = { ...people.owner, organizationId: '00000000-0000-7000-8000-000000000000' }
    const target = { organizationId, memberId: await memberId(people.member) }
    expect(await removeMember(stranger, target)).toMatchObject({ error: { code: 'forbidden' } })
    const moved = { ...target, organizationId: stranger.organizationId }
    expect(await removeMember(stranger, moved)).toMatchObject({ error: { code: 'not_found' } })
  })

  it('always keep an owner: two who step down at once leave one', async () => {
    expect(
      await changeMember(people.owner, {
        organizationId,
        memberId: await memberId(people.admin),
        role: 'owner',
        seat: 'pro',
      }),
    ).toMatchObject({ ok: true })
    const second = { ...people.admin, role: 'owner' } as const
    const [first, other] = [await memberId(people.owner), await memberId(people.admin)]
    const answers = await Promise.all([
      changeMember(people.owner, { organizationId, memberId: first, role: 'member', seat: 'pro' }),
      removeMember(second, { organizationId, memberId: other }),
    ])
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
    expect(answers.find((answer) => !answer.ok)).toMatchObject({ error: { code: 'conflict' } })
    expect(
      await query(`SELECT id FROM membership WHERE organization_id = $1 AND role = 'owner'`, [organizationId]),
    ).toHaveLength(1)
  })

  it('may leave', async () => {
    expect(
      await removeMember(people.member, { organizationId, memberId: await memberId(people.member) }),
    ).toMatchObject({ value: { hasLeft: true } })
  })
})

describe('demo people', () => {
  it('live in the organization acme', async () => {
    expect(await ensureDemoPeople(JOB, { mode: 'test', passwordHash: 'x' }, clock)).toMatchObject({
      ok: true,
      value: { slug: 'acme' },
    })
  })

  it('are made by a job only, and again without a change of what was changed since', async () => {
    expect(await ensureDemoPeople(people.owner, { mode: 'test', passwordHash: 'x' }, clock)).toMatchObject({
      error: { code: 'forbidden' },
    })
    await changeMember(people.owner, {
      organizationId,
      memberId: await memberId(people.member),
      role: 'admin',
      seat: 'pro',
    })
    const organization = { externalId: `acme-${suite}`, name: 'Acme', email: null, timeZone: 'UTC' }
    expect(await ensureDemoPeople(JOB, { mode: 'test', passwordHash: 'new', organization }, clock)).toMatchObject({
      value: { organizationId },
    })
    expect((await actors()).member.role).toBe('admin')
    expect(await query(`SELECT email FROM app_user WHERE is_operator`)).toEqual([{ email: 'olu@purser.dev' }])
  })
})
