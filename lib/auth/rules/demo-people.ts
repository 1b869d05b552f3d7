import type { Role, Seat } from './actor'

/** A person of the demo, to sign in as with one click while payments go to the sandbox. `place` is null for operator staff. */
export type DemoPerson = {
  readonly key: 'owner' | 'admin' | 'member' | 'lite' | 'operator'
  readonly name: string
  readonly email: string
  readonly label: string
  readonly place: { readonly role: Role; readonly seat: Seat } | null
}

/** One person of every kind that product.md names. */
export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { key: 'owner', name: 'Ana Ruiz', email: 'ana@acme.dev', label: 'Owner', place: { role: 'owner', seat: 'pro' } },
  { key: 'admin', name: 'Raj Patel', email: 'raj@acme.dev', label: 'Admin', place: { role: 'admin', seat: 'pro' } },
  { key: 'member', name: 'Mia Chen', email: 'mia@acme.dev', label: 'Member', place: { role: 'member', seat: 'pro' } },
  {
    key: 'lite',
    name: 'Leo Park',
    email: 'leo@acme.dev',
    label: 'Lite member',
    place: { role: 'member', seat: 'lite' },
  },
  { key: 'operator', name: 'Olu Adeyemi', email: 'olu@purser.dev', label: 'Operator', place: null },
]
