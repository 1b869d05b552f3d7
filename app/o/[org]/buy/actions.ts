'use server'

import { redirect } from 'next/navigation'

import { organizationRoute } from '@/components/layout/organization-route'
import type { FormState } from '@/components/ui/form-state'
import { readReview } from '@/lib/analytics/read-review'
import { actionViewer } from '@/lib/auth/viewer'
import { payWithCardInput, startPurchaseInput } from '@/lib/billing/contract'
import { payWithCard } from '@/lib/billing/payments/pay-with-card'
import { startPurchase } from '@/lib/billing/payments/start-purchase'
import { systemClock } from '@/lib/clock'
import { readForm } from '@/lib/http/read-form'
import { refusal } from '@/lib/http/refusal'
import { siteOrigin } from '@/lib/http/site-origin'
import { readAccount } from '@/lib/organizations/read-account'

/** Goes on to Checkout, or to the review of a charge to the saved card. */
export async function buyCredits(slug: string, _previous: FormState, form: FormData): Promise<FormState> {
  const values = Object.fromEntries(
    [...form].filter((field): field is [string, string] => typeof field[1] === 'string'),
  )
  const amount = values['amount'] === 'other' ? values['otherAmount'] : values['amount']
  const input = readForm(startPurchaseInput, {
    amount,
    formToken: values['formToken'],
    saveCard: values['saveCard'] === 'on',
  })
  if (!input.ok) return { ...refusal(input.error), values }
  const viewer = await actionViewer('credits:buy', slug)
  if (!viewer.ok) return { ...refusal(viewer.error), values }

  if (values['payWith'] === 'saved') {
    const { amount: amountUsd, formToken } = input.value
    const order = { amountUsd, formToken, receiptEmail: viewer.value.email }
    const review = await readReview(viewer.value, order, systemClock)
    if (!review.ok) return { ...refusal(review.error), values }
    redirect(organizationRoute(slug, '/buy/review', { amount: review.value.amountUsd, token: review.value.formToken }))
  }
  const account = await readAccount(viewer.value.account.id)
  const started = await startPurchase(viewer.value.actor, account, input.value, siteOrigin(), systemClock)
  if (!started.ok) return { ...refusal(started.error), values }
  redirect(started.value.url as Parameters<typeof redirect>[0])
}

/** Charges the reviewed card, then shows what became of it. */
export async function payReviewed(
  slug: string,
  cardId: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  const fields = { amount: form.get('amount'), formToken: form.get('formToken'), cardId }
  const input = readForm(payWithCardInput, fields)
  if (!input.ok) return refusal(input.error)
  const viewer = await actionViewer('credits:buy', slug)
  if (!viewer.ok) return refusal(viewer.error)
  const account = await readAccount(viewer.value.account.id)
  const paid = await payWithCard(viewer.value.actor, account, input.value, siteOrigin(), systemClock)
  if (!paid.ok) return refusal(paid.error)
  redirect(paid.value.nextUrl as Parameters<typeof redirect>[0])
}
