import { AppShell } from '@/components/layout/app-shell'
import { SignOutForm } from '@/components/layout/sign-out-form'
import { readShell } from '@/lib/analytics/read-shell'
import { organizationsOf, viewerForFrame } from '@/lib/auth/viewer'
import { systemClock } from '@/lib/clock'

import { signOutAction } from '../../sign-out'

/** The frame around every page of an organization. It gates nothing: whoever may not see the page gets no frame, and the page says why. */
export default async function OrganizationLayout({ params, children }: LayoutProps<'/o/[org]'>) {
  const { org } = await params
  const viewer = await viewerForFrame(org)
  if (viewer === null) return children
  const shell = await readShell(viewer, await organizationsOf(viewer.userId), systemClock)
  return (
    <AppShell shell={shell} signOut={<SignOutForm action={signOutAction} />}>
      {children}
    </AppShell>
  )
}
