import { fieldOf, parseForm } from '../http/form'
import { noSuch } from '../http/refusal'
import type { Request, Response } from '../http/request'
import { answerChallenge } from '../objects/checkout-payment'
import { dollars } from '../objects/fields'
import type { Sandbox } from '../sandbox'
import { findObject } from '../store/objects'
import { inTransaction } from '../store/transaction'
import { html } from './html'
import { notice, page, seeOther } from './layout'

/** `GET /3ds/{id}`: the bank's question about an intent. */
export async function showThreeDSecure(sandbox: Sandbox, id: string): Promise<Response> {
  const question = await inTransaction(sandbox.pool, async (tx) => {
    const payment = await findObject(tx, 'payment_intent', id)
    const intent = payment ?? (await findObject(tx, 'setup_intent', id))
    if (intent === null || intent.hidden.challenge === null) throw noSuch('3-D Secure question', id, 'id')
    const card = await findObject(tx, 'payment_method', intent.hidden.challenge.paymentMethod)
    return { amount: payment?.data.amount ?? null, status: intent.data.status, card: card?.data.card ?? null }
  })
  if (question.status !== 'requires_action') {
    return notice('Nothing left to confirm', 'The bank has its answer. You can close this page.', null)
  }
  const card = `the card ending in ${question.card?.last4 ?? ''}`
  const what = question.amount === null ? `are saving ${card}` : `are paying ${dollars(question.amount)} with ${card}`
  return page(
    'Confirm with your bank',
    'narrow',
    html`<section class="card stack">
      <div>
        <h1>Confirm with your bank</h1>
        <p class="muted">Your bank wants to know whether you ${what}. This is the test page for 3-D Secure.</p>
      </div>
      <form method="post" action="/3ds/${id}">
        <button type="submit" name="answer" value="complete">Complete authentication</button>
        <button type="submit" name="answer" value="fail" class="second">Fail authentication</button>
      </form>
    </section>`,
  )
}

/** `POST /3ds/{id}`: the customer's answer. */
export async function answerThreeDSecure(sandbox: Sandbox, request: Request, id: string): Promise<Response> {
  const isAuthenticated = fieldOf(parseForm(request.body), 'answer') === 'complete'
  const step = await inTransaction(sandbox.pool, (tx) => answerChallenge(sandbox.context(tx), id, isAuthenticated))
  sandbox.deliveries.wake()
  if (step.kind === 'complete' || step.kind === 'challenge') return seeOther(step.url)
  if (step.kind === 'expired')
    return notice('This page has expired', 'No money moved. Start again from where you came.', null)
  return seeOther(step.session === null ? `/3ds/${id}` : `/c/pay/${step.session}`)
}
