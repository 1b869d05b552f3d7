import { ChevronsUpDown } from 'lucide-react'
import { MenuDetails } from '@/components/ui/menu-details'
import type { ShellDto } from '@/lib/analytics/contract'
import { ThemeToggle } from './theme-toggle'

type UserMenuProps = {
  readonly viewer: ShellDto['viewer']
  /** A form with the sign-out button. */
  readonly signOut: React.ReactNode
}

/** Who is signed in, the theme, and the way out. */
export function UserMenu({ viewer, signOut }: UserMenuProps) {
  return (
    <MenuDetails
      label="Your account"
      opens="up"
      summary={
        <span className="rounded-control hover:bg-surface-2 flex min-h-11 items-center gap-2 px-1.5 py-1">
          <span className="min-w-0 flex-1">
            <span className="block truncate text-sm font-medium">{viewer.name}</span>
            <span className="text-muted block truncate text-xs">{viewer.roleLabel}</span>
          </span>
          <ChevronsUpDown aria-hidden className="text-muted size-4 shrink-0" />
        </span>
      }
    >
      <AccountPanel viewer={viewer} signOut={signOut} />
    </MenuDetails>
  )
}

/** The content of the user menu, also used by the "More" sheet of narrow screens. */
export function AccountPanel({ viewer, signOut }: UserMenuProps) {
  return (
    <div className="flex flex-col gap-3 p-2">
      <p className="text-sm">
        <span className="text-muted block">Signed in as</span>
        <span className="block break-words">{viewer.email}</span>
      </p>
      <ThemeToggle />
      {signOut}
    </div>
  )
}
