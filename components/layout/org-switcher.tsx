import { Check, ChevronsUpDown } from 'lucide-react'
import Link from 'next/link'
import { MenuDetails } from '@/components/ui/menu-details'
import type { ShellDto } from '@/lib/analytics/contract'
import { organizationRoute } from './organization-route'

/** Shows the organization and, to people in several, leads to the others. */
export function OrgSwitcher({ shell }: { readonly shell: ShellDto }) {
  const { organization, organizations } = shell
  if (organizations.length < 2) {
    return (
      <div className="flex h-11 items-center px-1.5">
        <OrganizationName name={organization.name} />
      </div>
    )
  }
  return (
    <MenuDetails
      label="Switch organization"
      summary={
        <span className="rounded-control hover:bg-surface-2 flex h-11 items-center gap-2 px-1.5">
          <OrganizationName name={organization.name} />
          <ChevronsUpDown aria-hidden className="text-muted ml-auto size-4 shrink-0" />
        </span>
      }
    >
      <ul>
        {organizations.map(({ slug, name, role }) => (
          <li key={slug}>
            <Link
              href={organizationRoute(slug)}
              aria-current={slug === organization.slug ? 'true' : undefined}
              className="rounded-control hover:bg-surface-2 flex min-h-11 items-center gap-2 px-2 py-1"
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{name}</span>
                <span className="text-muted block text-xs">{role}</span>
              </span>
              {slug === organization.slug && <Check aria-hidden className="text-accent size-4" />}
            </Link>
          </li>
        ))}
      </ul>
    </MenuDetails>
  )
}

function OrganizationName({ name }: { readonly name: string }) {
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <span
        aria-hidden
        className="rounded-control bg-ink text-bg grid size-7 shrink-0 place-items-center text-sm font-semibold uppercase"
      >
        {name.slice(0, 1)}
      </span>
      <span className="truncate font-semibold">{name}</span>
    </span>
  )
}
