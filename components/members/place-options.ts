import type { Role, Seat } from '@/lib/auth/rules/actor'

/** A place as one choice of a select: `member:lite`. */
export type PlaceValue = 'owner:pro' | 'admin:pro' | 'member:pro' | 'member:lite'

type PlaceOption = { readonly value: PlaceValue; readonly label: string }

const OWNER: PlaceOption = { value: 'owner:pro', label: 'Owner' }
const OTHERS: readonly PlaceOption[] = [
  { value: 'admin:pro', label: 'Admin' },
  { value: 'member:pro', label: 'Member' },
  { value: 'member:lite', label: 'Lite member' },
]

/** The places that somebody may give. */
export function placeOptions(canManageOwners: boolean): readonly PlaceOption[] {
  return canManageOwners ? [OWNER, ...OTHERS] : OTHERS
}

/** The choice that stands for a role and seat. */
export function placeValue(role: Role, seat: Seat): PlaceValue {
  return role === 'member' ? `member:${seat}` : `${role}:pro`
}
