import { History, LayoutGrid, type LucideIcon, Users } from 'lucide-react'

type NavItem = {
  readonly label: string
  readonly path: '' | `/${string}`
  readonly icon: LucideIcon
}

/** The pages of an organization that exist, in the order of the sidebar. Buy credits is a button, not an item. */
export const NAV_ITEMS: readonly NavItem[] = [
  { label: 'Overview', path: '', icon: LayoutGrid },
  { label: 'History', path: '/history', icon: History },
  { label: 'Members', path: '/settings/members', icon: Users },
]
