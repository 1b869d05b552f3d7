import { describe, expect, it } from 'vitest'

import type { Actor } from './actor'
import { can, canOnInstallation, type ActorClass, type Permission } from './permissions'

const HERE = { organizationId: 'here' }
const ELSEWHERE = { organizationId: 'elsewhere' }

const user = (role: 'owner' | 'admin' | 'member', seat: 'pro' | 'lite'): Actor => ({
  kind: 'user',
  userId: 'someone',
  organizationId: HERE.organizationId,
  role,
  seat,
})

const ACTORS: Readonly<Record<ActorClass, Actor>> = {
  owner: user('owner', 'pro'),
  admin: user('admin', 'pro'),
  member: user('member', 'pro'),
  lite: user('member', 'lite'),
  operator: { kind: 'operator', userId: 'staff' },
  key: { kind: 'key', keyId: 'key', mode: 'test' },
  stripe: { kind: 'stripe' },
  job: { kind: 'job', task: 'nightly' },
}

const COLUMNS: readonly ActorClass[] = ['owner', 'admin', 'member', 'lite', 'operator', 'key', 'stripe', 'job']

// Written out by hand, in the order of COLUMNS: ● may, · may not.
const TABLE: Readonly<Record<Permission, string>> = {
  'balance:read': '●●●●●●·●',
  'history:read': '●●●●●●··',
  'costs:read': '●●●●●●··',
  'pool:read': '●●●·●●·●',
  'members:read': '●●●·●●··',
  'receipts:read': '●●●·●●··',
  'credits:buy': '●●······',
  'cards:manage': '●●······',
  'recharge:manage': '●●······',
  'coupons:redeem': '●●······',
  'plan:change': '●●··●●··',
  'alerts:manage': '●●······',
  'limits:manage': '●●··●●··',
  'members:manage': '●●··●●··',
  'members:manage_owners': '●···●●··',
  'exports:create': '●●··●●··',
  'read_keys:manage': '●●······',
  'settings:manage': '●●······',
  'organizations:create': '····●●·●',
  'organizations:read': '●●●●●●·●',
  'policy:manage': '····●●··',
  'usage:record': '·····●·●',
  'usage:authorize': '·····●··',
  'usage:reverse': '····●●··',
  'runs:manage': '·····●··',
  'runs:accrue': '·······●',
  'grants:create': '····●●·●',
  'grants:void': '····●●··',
  'portal:open': '·····●··',
  'catalogue:manage': '····●●·●',
  'test_clock:move': '·····●··',
  'customers:read': '····●···',
  'credits:adjust': '····●···',
  'payments:refund': '····●···',
  'margin:read': '····●···',
  'books:read': '····●··●',
  'api_keys:manage': '····●··●',
  'operator_settings:manage': '····●··●',
  'payments:settle': '······●●',
  'recharge:run': '·······●',
  'credits:expire': '·······●',
  'holds:expire': '·······●',
  'mail:deliver': '·······●',
}

describe('permissions', () => {
  it.each(Object.entries(TABLE))('%s is granted to %s and to nobody else', (permission, marks) => {
    const granted = COLUMNS.map((column) => (can(ACTORS[column], permission as Permission, HERE) ? '●' : '·')).join('')
    expect(granted).toBe(marks)
  })

  it.each(Object.keys(TABLE))('%s is never granted to a member of another organization', (permission) => {
    for (const column of ['owner', 'admin', 'member', 'lite'] as const) {
      expect(can(ACTORS[column], permission as Permission, ELSEWHERE)).toBe(false)
    }
  })

  it.each(Object.keys(TABLE))('%s on the whole installation is never granted to a member', (permission) => {
    for (const column of ['owner', 'admin', 'member', 'lite'] as const) {
      expect(canOnInstallation(ACTORS[column], permission as Permission)).toBe(false)
    }
  })

  it('lets a key create organizations and an operator manage keys on the whole installation', () => {
    expect(canOnInstallation(ACTORS.key, 'organizations:create')).toBe(true)
    expect(canOnInstallation(ACTORS.operator, 'api_keys:manage')).toBe(true)
    expect(canOnInstallation(ACTORS.key, 'api_keys:manage')).toBe(false)
  })
})
