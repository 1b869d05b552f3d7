import { History, LayoutGrid, type LucideIcon, Users } from 'lucide-react'
import type { ShellDto } from '@/lib/analytics/contract'

type NavItem = {
  readonly label: string
  readonly path: '' | `/${string}`
  readonly icon: LucideIcon
}

const NAV_ITEMS: readonly NavItem[] = [
  { label: 'Overview', path: '', icon: LayoutGrid },
  { label: 'History', path: '/history', icon: History },
]
const MEMBERS: NavItem = { label: 'Members', path: '/settings/members', icon: Users }

/** The pages that the viewer may open, in the order of the sidebar. Buy credits is a button, not an item. */
export function navItems({ canSeeMembers }: Pick<ShellDto, 'canSeeMembers'>): readonly NavItem[] {
  return canSeeMembers ? [...NAV_ITEMS, MEMBERS] : NAV_ITEMS
}
