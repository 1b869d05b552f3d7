/** An organization's two separate worlds. Nothing of one is ever seen from the other. */
export type Mode = 'live' | 'test'

/** A member's place in an organization. */
export type Role = 'owner' | 'admin' | 'member'

/** A Pro seat spends from the shared pool, a Lite seat only its own monthly allocation. */
export type Seat = 'pro' | 'lite'

/** Who does something. "Who did it" is never a nullable user id. */
export type Actor =
  | {
      readonly kind: 'user'
      readonly userId: string
      readonly organizationId: string
      readonly role: Role
      readonly seat: Seat
    }
  | { readonly kind: 'operator'; readonly userId: string }
  | { readonly kind: 'key'; readonly keyId: string; readonly mode: Mode }
  | { readonly kind: 'stripe' }
  | { readonly kind: 'job'; readonly task: string }

/** The actor as the journal records it: `user:ID`, `key:ID`, `stripe`, `job:TASK`. */
export function actorLabel(actor: Actor): string {
  switch (actor.kind) {
    case 'user':
    case 'operator':
      return `${actor.kind}:${actor.userId}`
    case 'key':
      return `key:${actor.keyId}`
    case 'stripe':
      return 'stripe'
    case 'job':
      return `job:${actor.task}`
  }
}
