'use client'

import Link from 'next/link'
import { useActionState } from 'react'
import { organizationRoute } from '@/components/layout/organization-route'
import { USD } from '@/components/money/asset'
import { cardText } from '@/components/money/card-text'
import { moneyText } from '@/components/money/format-money'
import { ErrorSummary } from '@/components/ui/error-summary'
import type { FormAction } from '@/components/ui/form-state'
import { SubmitButton } from '@/components/ui/submit-button'
import type { ReviewDto } from '@/lib/analytics/purchase-contract'

/** The button that charges. It names the amount and the card, and the form token makes a second click harmless. */
export function PayForm({ review, action }: { readonly review: ReviewDto; readonly action: FormAction }) {
  const [state, submit] = useActionState(action, null)
  const { formToken, amountUsd, card, organization } = review
  return (
    <form action={submit} className="mt-4 flex flex-col gap-3">
      <ErrorSummary state={state} />
      <input type="hidden" name="formToken" value={formToken} />
      <input type="hidden" name="amount" value={amountUsd} />
      <SubmitButton isWide>
        Pay {moneyText(amountUsd, USD)} with {cardText(card)}
      </SubmitButton>
      <Link
        href={organizationRoute(organization.slug)}
        className="text-muted hover:text-ink inline-flex min-h-10 items-center justify-center hover:underline"
      >
        Cancel
      </Link>
    </form>
  )
}
