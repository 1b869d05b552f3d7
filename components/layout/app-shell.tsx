import type { ShellDto } from '@/lib/analytics/contract'
import { BalanceChip } from './balance-chip'
import { BottomBar } from './bottom-bar'
import { OrgSwitcher } from './org-switcher'
import { SideNav } from './side-nav'
import { TestModeRibbon } from './test-mode-ribbon'
import { AccountPanel, UserMenu } from './user-menu'

type AppShellProps = {
  readonly shell: ShellDto
  /** A form with the sign-out button; see `SignOutForm`. */
  readonly signOut: React.ReactNode
  readonly children: React.ReactNode
}

/** The frame around every page of an organization. It shows; it gates nothing: each page gates itself. */
export function AppShell({ shell, signOut, children }: AppShellProps) {
  return (
    <div className="flex min-h-dvh">
      <SideNav shell={shell}>
        <UserMenu viewer={shell.viewer} signOut={signOut} />
      </SideNav>
      <div className="flex min-w-0 flex-1 flex-col">
        {shell.organization.mode === 'test' && <TestModeRibbon />}
        <header className="border-line bg-bg sticky top-0 z-20 flex items-center justify-between gap-3 border-b px-3 py-1 lg:hidden">
          <div className="min-w-0">
            <OrgSwitcher shell={shell} />
          </div>
          <BalanceChip shell={shell} isCompact />
        </header>
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-[75rem] flex-1 px-4 pt-6 pb-28 sm:px-6 lg:px-8 lg:pt-8 lg:pb-16"
        >
          {children}
        </main>
      </div>
      <BottomBar shell={shell}>
        <AccountPanel viewer={shell.viewer} signOut={signOut} />
      </BottomBar>
    </div>
  )
}
