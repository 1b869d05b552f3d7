import type { ReactNode } from 'react'
import { BuyView } from '@/components/buy/buy-view'
import { PaymentResultView } from '@/components/buy/payment-result-view'
import { ReviewView } from '@/components/buy/review-view'
import { EntryPanel } from '@/components/entry/entry-panel'
import { EntryView } from '@/components/entry/entry-view'
import { HistoryView } from '@/components/history/history-view'
import { AppShell } from '@/components/layout/app-shell'
import { SignOutForm } from '@/components/layout/sign-out-form'
import { OverviewView } from '@/components/overview/overview-view'
import { CheckEmailView } from '@/components/sign-in/check-email-view'
import { InviteView } from '@/components/sign-in/invite-view'
import type { ShellDto } from '@/lib/analytics/contract'
import { doNothing, refuseForm } from './fixtures/actions'
import * as entries from './fixtures/entries'
import * as overview from './fixtures/overview'
import { ACME, SHELL } from './fixtures/people'
import * as purchases from './fixtures/purchases'
import { GallerySignIn } from './gallery-sign-in'

const MEMBER_SHELL: ShellDto = {
  ...SHELL,
  canBuy: false,
  viewer: { name: 'Mia Chen', email: 'mia@acme.example', roleLabel: 'Member' },
  organizations: SHELL.organizations.slice(0, 1),
}

const LITE_SHELL: ShellDto = {
  ...MEMBER_SHELL,
  canSeeMembers: false,
  viewer: { name: 'Leo Park', email: 'leo@acme.example', roleLabel: 'Lite member' },
  balance: overview.LITE.balance,
  runwayDays: 8,
}

function inShell(page: ReactNode, shell: ShellDto = SHELL): ReactNode {
  return (
    <AppShell shell={shell} signOut={<SignOutForm action={doNothing} />}>
      {page}
    </AppShell>
  )
}

function resultViews(): [string, () => ReactNode][] {
  return Object.values(purchases.RESULTS).map((result) => [
    `result-${result.status.replace('_', '-')}`,
    () => inShell(<PaymentResultView result={result} />),
  ])
}

/** Every page of issue 2 in every state, by the name it has in the gallery. */
export const VIEWS: ReadonlyMap<string, () => ReactNode> = new Map<string, () => ReactNode>([
  ['overview', () => inShell(<OverviewView overview={overview.OVERVIEW} />)],
  ['overview-brand-new', () => inShell(<OverviewView overview={overview.BRAND_NEW} />)],
  ['overview-no-usage', () => inShell(<OverviewView overview={overview.NO_USAGE} />)],
  ['overview-low', () => inShell(<OverviewView overview={overview.LOW} />)],
  ['overview-zero', () => inShell(<OverviewView overview={overview.ZERO} />)],
  ['overview-negative', () => inShell(<OverviewView overview={overview.NEGATIVE} />)],
  ['overview-member', () => inShell(<OverviewView overview={overview.MEMBER} />, MEMBER_SHELL)],
  ['overview-lite', () => inShell(<OverviewView overview={overview.LITE} />, LITE_SHELL)],
  ['overview-lite-zero', () => inShell(<OverviewView overview={overview.LITE_ZERO} />, LITE_SHELL)],
  ['overview-broken-cards', () => inShell(<OverviewView overview={overview.BROKEN_CARDS} />)],
  ['buy', () => inShell(<BuyView page={purchases.BUY} action={refuseForm} />)],
  ['buy-first-time', () => inShell(<BuyView page={purchases.BUY_FIRST_TIME} action={refuseForm} />)],
  ['buy-owing', () => inShell(<BuyView page={purchases.BUY_OWING} action={refuseForm} />)],
  ['buy-member', () => inShell(<BuyView page={purchases.BUY_MEMBER} action={refuseForm} />, MEMBER_SHELL)],
  ['review', () => inShell(<ReviewView review={purchases.REVIEW} action={refuseForm} />)],
  ...resultViews(),
  ['history', () => inShell(<HistoryView history={entries.HISTORY} />)],
  ['history-filtered-empty', () => inShell(<HistoryView history={entries.HISTORY_FILTERED_EMPTY} />)],
  ['history-first-use', () => inShell(<HistoryView history={entries.HISTORY_FIRST_USE} />)],
  ['entry-usage', () => inShell(<EntryView explanation={entries.USAGE_EXPLAINED} />)],
  ['entry-purchase', () => inShell(<EntryView explanation={entries.PURCHASE_EXPLAINED} />)],
  [
    'entry-panel',
    () =>
      inShell(
        <>
          <HistoryView history={entries.HISTORY} />
          <EntryPanel explanation={entries.USAGE_EXPLAINED} />
        </>,
      ),
  ],
  ['sign-in', () => <GallerySignIn personas />],
  [
    'sign-in-refused',
    () => <GallerySignIn problem="That sign-in link was already used or has expired. Ask for a new one." />,
  ],
  ['check-email', () => <CheckEmailView email="ana@acme.example" mailbox={'/' as const} />],
  [
    'invite',
    () => (
      <InviteView
        invitation={{
          status: 'open',
          organizationName: ACME.name,
          inviterName: 'Ana Ruiz',
          roleLabel: 'Admin',
          email: 'new@acme.example',
          isSignedIn: false,
        }}
        acceptAction={doNothing}
      />
    ),
  ],
  ['invite-expired', () => <InviteView invitation={{ status: 'expired' }} acceptAction={doNothing} />],
])
