import type { Actor } from './actor'

/** The columns of the table: what an actor is, for the question what it may do. */
export type ActorClass = 'owner' | 'admin' | 'member' | 'lite' | 'operator' | 'key' | 'stripe' | 'job'

const ADMINS = ['owner', 'admin'] as const
const PRO_MEMBERS = ['owner', 'admin', 'member'] as const
const EVERY_MEMBER = ['owner', 'admin', 'member', 'lite'] as const
const STAFF = ['operator', 'key'] as const

/**
 * Who may do what (product.md, "Who uses it"). A Lite seat reads and spends its own allocation: it has `balance:read`, but not
 * `pool:read`, so a read model shows it its own wallet and nothing of the shared pool.
 */
const PERMISSIONS = {
  'balance:read': [...EVERY_MEMBER, ...STAFF, 'job'],
  'history:read': [...EVERY_MEMBER, ...STAFF],
  'costs:read': [...EVERY_MEMBER, ...STAFF],
  'pool:read': [...PRO_MEMBERS, ...STAFF, 'job'],
  'members:read': [...PRO_MEMBERS, ...STAFF],
  'receipts:read': [...PRO_MEMBERS, ...STAFF],

  'credits:buy': [...ADMINS],
  'cards:manage': [...ADMINS],
  'recharge:manage': [...ADMINS],
  'coupons:redeem': [...ADMINS],
  'plan:change': [...ADMINS, ...STAFF],
  'alerts:manage': [...ADMINS],
  'limits:manage': [...ADMINS, ...STAFF],
  'members:manage': [...ADMINS, ...STAFF],
  'members:manage_owners': ['owner', ...STAFF],
  'exports:create': [...ADMINS, ...STAFF],
  'read_keys:manage': [...ADMINS],
  'settings:manage': [...ADMINS],

  'organizations:create': ['key', 'operator', 'job'],
  'organizations:read': [...EVERY_MEMBER, ...STAFF, 'job'],
  'policy:manage': [...STAFF],
  'usage:record': ['key', 'job'],
  'usage:authorize': ['key'],
  'usage:reverse': [...STAFF],
  'runs:manage': ['key'],
  'runs:accrue': ['job'],
  'grants:create': [...STAFF, 'job'],
  'grants:void': [...STAFF],
  'portal:open': ['key'],
  'catalogue:manage': [...STAFF, 'job'],
  'test_clock:move': ['key'],

  'customers:read': ['operator'],
  'credits:adjust': ['operator'],
  'payments:refund': ['operator'],
  'margin:read': ['operator'],
  'books:read': ['operator', 'job'],
  'api_keys:manage': ['operator', 'job'],
  'operator_settings:manage': ['operator', 'job'],

  'payments:settle': ['stripe', 'job'],
  'recharge:run': ['job'],
  'credits:expire': ['job'],
  'holds:expire': ['job'],
  'mail:deliver': ['job'],
} as const satisfies Readonly<Record<string, readonly ActorClass[]>>

/** A row of the table. */
export type Permission = keyof typeof PERMISSIONS

/**
 * Whether the actor may do this to something of that organization. A member only ever acts in their own organization; operator,
 * keys, Stripe and jobs serve all of them (a key stays in its mode, because everything it names is looked up in that mode).
 */
export function can(actor: Actor, permission: Permission, target: { readonly organizationId: string }): boolean {
  if (actor.kind === 'user' && actor.organizationId !== target.organizationId) return false
  return mayInGeneral(actor, permission)
}

/** The same for what belongs to no organization yet: creating one, API keys, the catalogue. Never true for a member. */
export function canOnInstallation(actor: Actor, permission: Permission): boolean {
  return actor.kind !== 'user' && mayInGeneral(actor, permission)
}

/** Which column of the table an actor stands in. */
function actorClass(actor: Actor): ActorClass {
  if (actor.kind !== 'user') return actor.kind
  if (actor.role !== 'member') return actor.role
  return actor.seat === 'pro' ? 'member' : 'lite'
}

function mayInGeneral(actor: Actor, permission: Permission): boolean {
  const allowed: readonly ActorClass[] = PERMISSIONS[permission]
  return allowed.includes(actorClass(actor))
}
