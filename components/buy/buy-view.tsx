import { organizationRoute } from '@/components/layout/organization-route'
import { PageHeader } from '@/components/layout/page-header'
import { moneyText } from '@/components/money/format-money'
import type { FormAction } from '@/components/ui/form-state'
import type { BuyPageDto } from '@/lib/analytics/purchase-contract'
import { BuyForm } from './buy-form'
import { BuyingNotAllowed } from './buying-not-allowed'

type BuyViewProps = {
  readonly page: BuyPageDto
  readonly action: FormAction
}

/** Buying credits: how much, with which card, and what it brings. */
export function BuyView({ page, action }: BuyViewProps) {
  const { organization, balance, rights } = page
  return (
    <div className="max-w-4xl">
      <PageHeader
        title="Buy credits"
        lead={`Your balance is ${moneyText(balance.balance, balance.asset)}.`}
        back={{ href: organizationRoute(organization.slug), label: 'Overview' }}
      />
      {rights.canBuy ? <BuyForm page={page} action={action} /> : <BuyingNotAllowed ownerNames={rights.ownerNames} />}
    </div>
  )
}
