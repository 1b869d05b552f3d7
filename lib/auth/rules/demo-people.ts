import type { Role, Seat } from './actor'

/** A person of the demo, to sign in as with one click while payments go to the sandbox. `place` is null for operator staff. */
export type DemoPerson = {
  readonly id: 'owner' | 'admin' | 'member' | 'lite' | 'operator'
  readonly name: string
  readonly email: string
  readonly role: string
  /** What this person can try. */
  readonly description: string
  readonly place: { readonly role: Role; readonly seat: Seat } | null
}

/** One person of every kind that product.md names. */
export const DEMO_PEOPLE: readonly DemoPerson[] = [
  {
    id: 'owner',
    name: 'Ana Ruiz',
    email: 'ana@acme.dev',
    role: 'Owner of Acme AI',
    description: 'Buys credits, invites people, sees everything',
    place: { role: 'owner', seat: 'pro' },
  },
  {
    id: 'admin',
    name: 'Raj Patel',
    email: 'raj@acme.dev',
    role: 'Admin of Acme AI',
    description: 'Buys credits and invites people',
    place: { role: 'admin', seat: 'pro' },
  },
  {
    id: 'member',
    name: 'Mia Chen',
    email: 'mia@acme.dev',
    role: 'Member of Acme AI',
    description: 'Sees balance and history, spends from the pool',
    place: { role: 'member', seat: 'pro' },
  },
  {
    id: 'lite',
    name: 'Leo Park',
    email: 'leo@acme.dev',
    role: 'Lite member of Acme AI',
    description: 'Sees and spends only his own allocation',
    place: { role: 'member', seat: 'lite' },
  },
  {
    id: 'operator',
    name: 'Olu Adeyemi',
    email: 'olu@purser.dev',
    role: 'Operator',
    description: 'Runs Purser itself, belongs to no organization',
    place: null,
  },
]
