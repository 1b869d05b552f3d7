'use client'

import { useActionState, useState } from 'react'
import { AmountChips, OTHER_AMOUNT } from '@/components/money/amount-chips'
import { USD } from '@/components/money/asset'
import { moneyText } from '@/components/money/format-money'
import { MoneyField } from '@/components/money/money-field'
import { Card } from '@/components/ui/card'
import { Checkbox } from '@/components/ui/checkbox'
import { ErrorSummary } from '@/components/ui/error-summary'
import { fieldError, type FormAction } from '@/components/ui/form-state'
import { InlineError } from '@/components/ui/inline-error'
import { SubmitButton } from '@/components/ui/submit-button'
import type { BuyPageDto } from '@/lib/analytics/purchase-contract'
import { PayWith } from './pay-with'
import { purchaseFigures, type PurchaseFigures } from './purchase-figures'
import { PurchaseSummary } from './purchase-summary'

type Choice = { readonly amount: string; readonly otherAmount: string; readonly payWith: string }

type BuyFormProps = {
  readonly page: BuyPageDto
  /** Fields: `amount` (a pack or "other"), `otherAmount`, `payWith` ("saved" or "new"), `saveCard`, `formToken`. */
  readonly action: FormAction
}

/** Amount, card and a summary that follows every change. Without JavaScript the next page shows the summary. */
export function BuyForm({ page, action }: BuyFormProps) {
  const [state, submit] = useActionState(action, null)
  const [choice, setChoice] = useState(() => firstChoice(page))
  const { packsUsd, minimumUsd, maximumUsd, savedCard } = page
  const amountError = fieldError(state, 'otherAmount') ?? fieldError(state, 'amount')
  const figures = purchaseFigures(choice.amount === OTHER_AMOUNT ? choice.otherAmount : choice.amount, page)
  const isReviewed = savedCard !== null && choice.payWith === 'saved'
  return (
    <form
      action={submit}
      noValidate
      onChange={(event) => setChoice(readChoice(new FormData(event.currentTarget)))}
      className="grid items-start gap-6 lg:grid-cols-[1fr_22rem]"
    >
      <input type="hidden" name="formToken" value={page.formToken} />
      <div className="flex flex-col gap-6">
        <ErrorSummary state={state} />
        <AmountChips name="amount" legend="Amount" packsUsd={packsUsd} selected={choice.amount} />
        {choice.amount !== OTHER_AMOUNT && amountError !== undefined && <InlineError>{amountError}</InlineError>}
        <div className={choice.amount === OTHER_AMOUNT ? '' : 'hidden noscript:block'}>
          <MoneyField
            id="otherAmount"
            name="otherAmount"
            label="Other amount"
            hint={`Between ${moneyText(minimumUsd, USD)} and ${moneyText(maximumUsd, USD)}.`}
            error={amountError}
            defaultValue={choice.otherAmount}
          />
        </div>
        <PayWith card={savedCard} selected={choice.payWith} />
        {!isReviewed && (
          <Checkbox
            name="saveCard"
            label="Save this card for auto-recharge"
            hint="Nothing more is charged now."
            defaultChecked={state?.values?.['saveCard'] === 'on'}
          />
        )}
      </div>
      <SummaryCard page={page} figures={figures} isReviewed={isReviewed} />
    </form>
  )
}

type SummaryCardProps = {
  readonly page: BuyPageDto
  readonly figures: PurchaseFigures | null
  /** A saved card is reviewed on a page of ours; a new one is entered at the payment page. */
  readonly isReviewed: boolean
}

function SummaryCard({ page, figures, isReviewed }: SummaryCardProps) {
  const { balance, expiresAt, organization } = page
  return (
    <Card title="Summary">
      <div className="noscript:hidden">
        <PurchaseSummary
          figures={figures}
          asset={balance.asset}
          expiresAt={expiresAt}
          timeZone={organization.timeZone}
        />
      </div>
      <p className="text-muted hidden noscript:block">The next page shows what you pay and what you receive.</p>
      <div className="mt-4 flex flex-col gap-2">
        <SubmitButton isWide>
          {isReviewed ? (
            <span>
              Review
              {figures !== null && <span className="noscript:hidden"> {moneyText(figures.usd, USD)}</span>}
            </span>
          ) : (
            'Continue to payment'
          )}
        </SubmitButton>
        <p className="text-muted text-center text-sm">Nothing is charged on this page.</p>
      </div>
    </Card>
  )
}

function firstChoice({ packsUsd, selectedUsd, savedCard }: BuyPageDto): Choice {
  const isPack = packsUsd.includes(selectedUsd)
  return {
    amount: isPack ? selectedUsd : OTHER_AMOUNT,
    otherAmount: isPack ? '' : selectedUsd,
    payWith: savedCard === null ? 'new' : 'saved',
  }
}

function readChoice(form: FormData): Choice {
  const text = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  return { amount: text('amount'), otherAmount: text('otherAmount'), payWith: text('payWith') }
}
