import { describe, expect, it } from 'vitest'

import type { Actor, Role, Seat } from './actor'
import { decideMemberChange, mayGivePlace, type Place } from './roles'

const ORGANIZATION = 'acme'
const as = (role: Role, seat: Seat = 'pro', userId: string = role): Actor => ({
  kind: 'user',
  userId,
  organizationId: ORGANIZATION,
  role,
  seat,
})
const OWNER: Place = { userId: 'owner', role: 'owner', seat: 'pro' }
const ADMIN: Place = { userId: 'admin', role: 'admin', seat: 'pro' }
const MEMBER: Place = { userId: 'member', role: 'member', seat: 'pro' }

describe('places in an organization', () => {
  it('lets an admin make members and admins, but no owner', () => {
    expect(mayGivePlace(as('admin'), ORGANIZATION, { role: 'member', seat: 'lite' }).ok).toBe(true)
    expect(mayGivePlace(as('admin'), ORGANIZATION, { role: 'admin', seat: 'pro' }).ok).toBe(true)
    expect(mayGivePlace(as('admin'), ORGANIZATION, { role: 'owner', seat: 'pro' })).toMatchObject({
      error: { code: 'forbidden' },
    })
  })

  it('gives a Lite seat to members only', () => {
    expect(mayGivePlace(as('owner'), ORGANIZATION, { role: 'admin', seat: 'lite' })).toMatchObject({
      error: { code: 'invalid_input' },
    })
  })

  it('refuses every change that a member asks for about others', () => {
    for (const next of [null, { role: 'member', seat: 'lite' } as const]) {
      expect(decideMemberChange(as('member'), ORGANIZATION, ADMIN, next, 2)).toMatchObject({
        error: { code: 'forbidden' },
      })
    }
  })

  it('refuses an admin who changes or removes an owner', () => {
    expect(decideMemberChange(as('admin'), ORGANIZATION, OWNER, null, 2).ok).toBe(false)
    expect(decideMemberChange(as('admin'), ORGANIZATION, OWNER, { role: 'member', seat: 'pro' }, 2).ok).toBe(false)
  })

  it('keeps the last owner: neither stepping down, nor leaving, nor being removed', () => {
    const conflict = { error: { code: 'conflict' } }
    expect(decideMemberChange(as('owner'), ORGANIZATION, OWNER, null, 1)).toMatchObject(conflict)
    expect(decideMemberChange(as('owner'), ORGANIZATION, OWNER, { role: 'admin', seat: 'pro' }, 1)).toMatchObject(
      conflict,
    )
    expect(decideMemberChange({ kind: 'operator', userId: 'o' }, ORGANIZATION, OWNER, null, 1)).toMatchObject(conflict)
    expect(decideMemberChange(as('owner'), ORGANIZATION, OWNER, { role: 'admin', seat: 'pro' }, 2).ok).toBe(true)
  })

  it('lets a member leave, but not somebody with the same id from another organization', () => {
    expect(decideMemberChange(as('member'), ORGANIZATION, MEMBER, null, 1).ok).toBe(true)
    expect(decideMemberChange(as('member'), 'other', MEMBER, null, 1).ok).toBe(false)
  })
})
