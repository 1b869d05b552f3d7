import 'server-only'

import { can } from '@/lib/auth/rules/permissions'
import type { Role, Seat } from '@/lib/auth/rules/actor'
import { accountClock, type Clock } from '@/lib/clock'

import type { ShellDto } from './contract'
import { readRunway, readSpendHistory } from './estimates'
import { readWallets, type Reader } from './reader'
import { showBalance, showOrganization } from './show'

/** Somebody who is shown the frame around the pages, with what is known of them. */
export type ShellReader = Reader & {
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly seat: Seat
}

/** An organization that the reader belongs to. */
type OwnOrganization = { readonly slug: string; readonly name: string; readonly role: Role; readonly seat: Seat }

/** The frame around every page of an organization: who looks, at what, and how much is left. It gates nothing: each page gates itself. */
export async function readShell(
  reader: ShellReader,
  organizations: readonly OwnOrganization[],
  clock: Clock,
): Promise<ShellDto> {
  const now = accountClock(reader.account, clock).now()
  const wallets = await readWallets(reader)
  const history = await readSpendHistory(reader, wallets.main, now)
  const { runway } = await readRunway(reader, wallets.main, history, now)
  return {
    now: now.toISOString(),
    organization: showOrganization(reader),
    organizations: organizations.map(({ slug, name, role, seat }) => ({
      slug,
      name,
      role: roleLabel(role, seat),
    })),
    viewer: { name: reader.name, email: reader.email, roleLabel: roleLabel(reader.role, reader.seat) },
    canBuy: can(reader.actor, 'credits:buy', { organizationId: reader.organization.id }),
    canSeeMembers: can(reader.actor, 'members:read', { organizationId: reader.organization.id }),
    balance: showBalance(wallets.main, now),
    runwayDays: runway?.days ?? null,
  }
}

function roleLabel(role: Role, seat: Seat): string {
  if (role === 'owner') return 'Owner'
  if (role === 'admin') return 'Admin'
  return seat === 'lite' ? 'Lite member' : 'Member'
}
