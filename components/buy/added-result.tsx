import { CircleCheck } from 'lucide-react'
import { organizationRoute } from '@/components/layout/organization-route'
import { USD } from '@/components/money/asset'
import { dateText } from '@/components/money/format-time'
import { assetText, moneyText } from '@/components/money/format-money'
import { KeyValueGrid } from '@/components/ui/key-value-grid'
import { LinkButton } from '@/components/ui/link-button'
import type { PaymentResultDto } from '@/lib/analytics/purchase-contract'
import { ResultPage } from './result-page'

type Added = Extract<PaymentResultDto, { readonly status: 'added' | 'already_added' }>

/** The credits are there. Loading the page again says so and adds nothing. */
export function AddedResult({ result }: { readonly result: Added }) {
  const { organization, asset, amountUsd, credits, balance, expiresAt, receipt } = result
  const isReload = result.status === 'already_added'
  return (
    <ResultPage
      icon={CircleCheck}
      tone="positive"
      title={isReload ? 'Already added' : `${moneyText(amountUsd, USD)} added`}
      action={
        <>
          <LinkButton href={organizationRoute(organization.slug)}>Back to overview</LinkButton>
          <LinkButton
            href={organizationRoute(organization.slug, `/history/${encodeURIComponent(result.entryId)}`)}
            variant="secondary"
          >
            Explain this entry
          </LinkButton>
        </>
      }
      details={
        <KeyValueGrid
          items={[
            { label: 'Balance', value: <strong className="font-semibold">{moneyText(balance, asset)}</strong> },
            { label: 'Credits', value: assetText(credits, asset) },
            { label: 'Expires', value: expiresAt === null ? 'Never' : dateText(expiresAt, organization.timeZone) },
            ...(receipt === null
              ? []
              : [
                  {
                    label: 'Receipt',
                    value: (
                      <a href={receipt.href} className="text-accent underline">
                        {receipt.number}
                      </a>
                    ),
                  },
                ]),
          ]}
        />
      }
    >
      {isReload
        ? `This payment of ${moneyText(amountUsd, USD)} was added once. Loading this page again charges and adds nothing.`
        : 'Your credits are ready to use.'}
    </ResultPage>
  )
}
