import { readTypedCard, type CardFormErrors, type TypedCard } from '../cards/card-form'
import { fieldOf, parseForm } from '../http/form'
import type { Request, Response } from '../http/request'
import { lockCheckoutSession } from '../objects/checkout-sessions'
import { submitCheckout, successUrl } from '../objects/checkout-payment'
import { dollars } from '../objects/fields'
import type { Sandbox } from '../sandbox'
import { findObject, type Stored } from '../store/objects'
import { inTransaction } from '../store/transaction'
import { cardFields, testCardList } from './card-fields'
import { html, type Html } from './html'
import { notice, page, seeOther } from './layout'

type Filled = { typed: Omit<TypedCard, 'cvc'>; errors: CardFormErrors; refusal: string | null }

/** `GET /c/pay/{id}`: what is bought, and the form to pay for it or to save a card. */
export async function showCheckout(sandbox: Sandbox, id: string, filled?: Filled): Promise<Response> {
  const { session, email } = await inTransaction(sandbox.pool, async (tx) => {
    const found = await lockCheckoutSession(sandbox.context(tx), id)
    const { customer: customerId, customer_email: typedEmail } = found.data
    const customer = customerId === null ? null : await findObject(tx, 'customer', customerId)
    return { session: found, email: customer?.data.email ?? typedEmail ?? '' }
  })
  // Looking at an overdue session expires it, and that is news for the merchant.
  sandbox.deliveries.wake()
  const { data, hidden } = session
  if (data.status === 'complete') return finished(session)
  if (data.status === 'expired') return expired(session)
  const refusal = filled?.refusal ?? (filled === undefined ? hidden.lastError : null)
  const typed = filled?.typed ?? { email, name: '', number: '', expiry: '' }
  const button = data.mode === 'payment' ? `Pay ${dollars(data.amount_total ?? 0)}` : 'Save card'
  const body = html`<section aria-labelledby="what">${summary(session)}</section>
    <section class="stack" aria-labelledby="how">
      <div>
        <h2 id="how">${data.mode === 'payment' ? 'Pay with card' : 'Card details'}</h2>
        ${refusal === null ? null : html`<p class="note" role="alert">${refusal}</p>`}
        ${manyErrors(filled?.errors ?? {})}
      </div>
      <form method="post" action="/c/pay/${id}" novalidate>
        ${cardFields(typed, filled?.errors ?? {})}
        <button type="submit">${button}</button>
      </form>
      ${testCardList()}
    </section>`
  return page(data.mode === 'payment' ? 'Checkout' : 'Save card', 'split', body)
}

/** `POST /c/pay/{id}`: asks the bank; declines come back to the form, success goes to the merchant. */
export async function payCheckout(sandbox: Sandbox, request: Request, id: string): Promise<Response> {
  const form = parseForm(request.body)
  const typed: TypedCard = {
    email: fieldOf(form, 'email'),
    number: fieldOf(form, 'number'),
    expiry: fieldOf(form, 'expiry'),
    cvc: fieldOf(form, 'cvc'),
    name: fieldOf(form, 'name'),
  }
  const entered = readTypedCard(typed, Math.floor(Date.now() / 1000))
  if (!entered.ok) return showCheckout(sandbox, id, { typed, errors: entered.error, refusal: null })
  const step = await inTransaction(sandbox.pool, (tx) => submitCheckout(sandbox.context(tx), id, entered.value))
  sandbox.deliveries.wake()
  if (step.kind === 'declined') {
    const kept = { email: typed.email, name: typed.name, number: '', expiry: '' }
    return showCheckout(sandbox, id, { typed: kept, errors: {}, refusal: `${step.message} Try another card.` })
  }
  return step.kind === 'expired' ? seeOther(`/c/pay/${id}`) : seeOther(step.url)
}

function summary(session: Stored<'checkout.session'>): Html {
  const { data, hidden } = session
  const cancel =
    data.cancel_url === null ? null : html`<a class="back" href="${data.cancel_url}">Cancel and go back</a>`
  if (data.mode === 'setup') {
    return html`<h1 id="what">Save a card</h1>
      <p class="muted">No charge is made now. The card is kept for later payments that you have agreed to.</p>
      ${cancel}`
  }
  const lines = hidden.items.map(
    (item) =>
      html`<dt>${item.name}${item.quantity > 1 ? ` × ${item.quantity}` : ''}</dt>
        <dd>${dollars(item.unitAmount * item.quantity)}</dd>`,
  )
  const note = hidden.items.find((item) => item.description !== null)?.description ?? null
  return html`<h1 id="what" class="what">
      Pay ${hidden.items.length === 1 ? `for ${hidden.items[0]?.name ?? ''}` : 'for your order'}
    </h1>
    <p class="total">${dollars(data.amount_total ?? 0)}</p>
    <dl>
      ${lines}
      <dt class="sum">Total due today</dt>
      <dd class="sum">${dollars(data.amount_total ?? 0)} USD</dd>
    </dl>
    ${note === null ? null : html`<p class="aside">${note}</p>`}
    ${
      hidden.intent.setupFutureUsage === null
        ? null
        : html`<p class="aside">The card is saved for later payments that you have agreed to.</p>`
    }
    ${cancel}`
}

function manyErrors(errors: CardFormErrors): Html | null {
  const count = Object.keys(errors).length
  return count < 3 ? null : html`<p class="note" role="alert">${count} fields need another look.</p>`
}

function finished(session: Stored<'checkout.session'>): Response {
  const link = { href: successUrl(session), text: 'Continue' }
  const sentence = session.data.mode === 'payment' ? 'This payment went through.' : 'This card is saved.'
  return notice('All done', sentence, link)
}

function expired(session: Stored<'checkout.session'>): Response {
  const { cancel_url: cancelUrl } = session.data
  const link = cancelUrl === null ? null : { href: cancelUrl, text: 'Go back' }
  return notice('This page has expired', 'No money moved. Start again from where you came.', link)
}
