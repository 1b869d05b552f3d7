import { organizationRoute } from '@/components/layout/organization-route'
import { PageHeader } from '@/components/layout/page-header'
import { cardExpiryText, cardText } from '@/components/money/card-text'
import { Card } from '@/components/ui/card'
import type { FormAction } from '@/components/ui/form-state'
import { KeyValueGrid } from '@/components/ui/key-value-grid'
import type { ReviewDto } from '@/lib/analytics/purchase-contract'
import { PayForm } from './pay-form'
import { PurchaseSummary } from './purchase-summary'

type ReviewViewProps = {
  readonly review: ReviewDto
  /** Field: `formToken`, and `amount` in dollars. */
  readonly action: FormAction
}

/** The last look before a saved card is charged. Leaving this page charges nothing. */
export function ReviewView({ review, action }: ReviewViewProps) {
  const { organization, asset, amountUsd, credits, newBalance, settlesDebt, lastsDays, card } = review
  return (
    <div className="max-w-lg">
      <PageHeader
        title="Review and pay"
        back={{
          href: organizationRoute(organization.slug, '/buy', { amount: amountUsd }),
          label: 'Change amount or card',
        }}
      />
      <Card>
        <PurchaseSummary
          figures={{ usd: amountUsd, credits, newBalance, settlesDebt, lastsDays }}
          asset={asset}
          expiresAt={review.expiresAt}
          timeZone={organization.timeZone}
        />
        <div className="border-line border-t">
          <KeyValueGrid
            items={[
              { label: 'Card', value: `${cardText(card)} (${cardExpiryText(card)})` },
              { label: 'Receipt to', value: review.receiptEmail },
            ]}
          />
        </div>
        <PayForm review={review} action={action} />
      </Card>
    </div>
  )
}
