import { CircleX, Clock, ShieldQuestion } from 'lucide-react'
import { organizationRoute } from '@/components/layout/organization-route'
import { USD } from '@/components/money/asset'
import { moneyText } from '@/components/money/format-money'
import { LinkButton } from '@/components/ui/link-button'
import type { PaymentResultDto } from '@/lib/analytics/purchase-contract'
import { AddedResult } from './added-result'
import { ConfirmingResult } from './confirming-result'
import { declineText } from './decline-text'
import { ResultPage } from './result-page'

type Declined = Extract<PaymentResultDto, { readonly status: 'declined' }>
type ToConfirm = Extract<PaymentResultDto, { readonly status: 'requires_action' }>

/** What became of a payment. Driven by the ledger: it says "added" only once the credits are there. */
export function PaymentResultView({ result }: { readonly result: PaymentResultDto }) {
  const { organization, amountUsd } = result
  const buyAgain = organizationRoute(organization.slug, '/buy', { amount: amountUsd })
  switch (result.status) {
    case 'confirming':
      return <ConfirmingResult organization={organization} amountUsd={amountUsd} />
    case 'processing':
      return (
        <ResultPage icon={Clock} tone="warning" title="Still processing" action={<ToOverview result={result} />}>
          Your bank has not confirmed {moneyText(amountUsd, USD)} yet. Credits are added as soon as it does, and we will
          e-mail you. You do not need to pay again.
        </ResultPage>
      )
    case 'added':
    case 'already_added':
      return <AddedResult result={result} />
    case 'declined':
      return <DeclinedResult result={result} />
    case 'requires_action':
      return <ConfirmResult result={result} />
    case 'cancelled':
      return (
        <ResultPage
          icon={CircleX}
          tone="neutral"
          title="Payment cancelled"
          action={
            <>
              <LinkButton href={buyAgain}>Back to buy credits</LinkButton>
              <ToOverview result={result} />
            </>
          }
        >
          No charge was made.
        </ResultPage>
      )
  }
}

function DeclinedResult({ result }: { readonly result: Declined }) {
  const { organization, amountUsd } = result
  const buyAgain = organizationRoute(organization.slug, '/buy', { amount: amountUsd })
  return (
    <ResultPage
      icon={CircleX}
      tone="danger"
      title="Payment declined"
      action={
        <>
          <LinkButton href={buyAgain}>Try another card</LinkButton>
          <ToOverview result={result} />
        </>
      }
    >
      {declineText(result.declineCode, result.card, amountUsd)}
    </ResultPage>
  )
}

function ConfirmResult({ result }: { readonly result: ToConfirm }) {
  const { amountUsd } = result
  return (
    <ResultPage
      icon={ShieldQuestion}
      tone="warning"
      title="Confirm with your bank"
      action={
        <a href={result.confirmUrl} className="text-accent inline-flex min-h-10 items-center font-medium underline">
          Confirm {moneyText(amountUsd, USD)} →
        </a>
      }
    >
      Your bank wants you to confirm this charge. Nothing is charged until you do.
    </ResultPage>
  )
}

function ToOverview({ result }: { readonly result: PaymentResultDto }) {
  return (
    <LinkButton href={organizationRoute(result.organization.slug)} variant="secondary">
      Back to overview
    </LinkButton>
  )
}
