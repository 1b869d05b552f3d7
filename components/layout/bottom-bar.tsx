import { CirclePlus, Ellipsis } from 'lucide-react'
import { MenuDetails } from '@/components/ui/menu-details'
import type { ShellDto } from '@/lib/analytics/contract'
import { navItems } from './nav-items'
import { NavLink } from './nav-link'
import { organizationRoute } from './organization-route'

const ITEM =
  'flex h-14 w-full flex-col items-center justify-center gap-1 text-xs text-muted aria-[current=page]:font-medium aria-[current=page]:text-accent'

type BottomBarProps = {
  readonly shell: ShellDto
  /** What "More" opens. */
  readonly children: React.ReactNode
}

/** The navigation of narrow screens, at the thumb. */
export function BottomBar({ shell, children }: BottomBarProps) {
  const { slug } = shell.organization
  return (
    <nav
      aria-label="Pages"
      className="border-line bg-bg fixed inset-x-0 bottom-0 z-20 border-t pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      <ul className="flex">
        {navItems(shell).map(({ label, path, icon: Icon }) => (
          <li key={label} className="flex-1">
            <NavLink href={organizationRoute(slug, path)} isExact={path === ''} className={ITEM}>
              <Icon aria-hidden className="size-5" />
              {label}
            </NavLink>
          </li>
        ))}
        {shell.canBuy && (
          <li className="flex-1">
            <NavLink href={organizationRoute(slug, '/buy')} className={ITEM}>
              <CirclePlus aria-hidden className="size-5" />
              Buy credits
            </NavLink>
          </li>
        )}
        <li className="flex-1">
          <MenuDetails
            label="More"
            opens="up"
            align="end"
            summary={
              <span className={ITEM}>
                <Ellipsis aria-hidden className="size-5" />
                More
              </span>
            }
          >
            {children}
          </MenuDetails>
        </li>
      </ul>
    </nav>
  )
}
