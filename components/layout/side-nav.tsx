import { Plus } from 'lucide-react'
import type { ShellDto } from '@/lib/analytics/contract'
import { LinkButton } from '@/components/ui/link-button'
import { BalanceChip } from './balance-chip'
import { navItems } from './nav-items'
import { NavLink } from './nav-link'
import { organizationRoute } from './organization-route'
import { OrgSwitcher } from './org-switcher'

type SideNavProps = {
  readonly shell: ShellDto
  /** User menu at the very foot. */
  readonly children: React.ReactNode
}

/** The sidebar of wide screens: organization, pages, and the balance pinned at its foot. */
export function SideNav({ shell, children }: SideNavProps) {
  const { slug } = shell.organization
  return (
    <header className="border-line bg-surface-1 sticky top-0 hidden h-dvh w-60 shrink-0 flex-col gap-4 border-r p-3 lg:flex">
      <OrgSwitcher shell={shell} />
      <nav aria-label="Pages" className="flex flex-1 flex-col gap-4 overflow-y-auto">
        {shell.canBuy && (
          <LinkButton href={organizationRoute(slug, '/buy')} isWide>
            <Plus aria-hidden className="size-4" />
            Buy credits
          </LinkButton>
        )}
        <ul className="flex flex-col gap-0.5">
          {navItems(shell).map(({ label, path, icon: Icon }) => (
            <li key={label}>
              <NavLink
                href={organizationRoute(slug, path)}
                isExact={path === ''}
                className="rounded-control text-muted hover:bg-surface-2 hover:text-ink aria-[current=page]:bg-surface-2 aria-[current=page]:text-ink flex h-9 items-center gap-2.5 px-2.5 aria-[current=page]:font-medium"
              >
                <Icon aria-hidden className="size-4" />
                {label}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <BalanceChip shell={shell} />
      {children}
    </header>
  )
}
