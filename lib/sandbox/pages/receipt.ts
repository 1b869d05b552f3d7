import { noSuch } from '../http/refusal'
import type { Response } from '../http/request'
import { dollars } from '../objects/fields'
import type { Sandbox } from '../sandbox'
import { findObject } from '../store/objects'
import { inTransaction } from '../store/transaction'
import { html } from './html'
import { page } from './layout'

const BRANDS: Readonly<Record<string, string>> = { visa: 'Visa', mastercard: 'Mastercard' }

/** `GET /receipts/{charge}`: what was paid, when, with which card, and what came back. */
export async function showReceipt(sandbox: Sandbox, id: string): Promise<Response> {
  const charge = await inTransaction(sandbox.pool, (tx) => findObject(tx, 'charge', id))
  if (charge === null || charge.data.status !== 'succeeded') throw noSuch('receipt', id, 'id')
  const { data } = charge
  const { card } = data.payment_method_details
  const paidAt = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  const refund =
    data.amount_refunded === 0
      ? null
      : html`<dt>Refunded</dt>
          <dd>−${dollars(data.amount_refunded)}</dd>
          <dt class="sum">Kept</dt>
          <dd class="sum">${dollars(data.amount - data.amount_refunded)}</dd>`
  return page(
    'Receipt',
    'narrow',
    html`<section class="card">
      <h1>Receipt</h1>
      <p class="muted">${data.description ?? 'Payment'}</p>
      <p class="total">${dollars(data.amount)}</p>
      <dl>
        <dt>Paid on</dt>
        <dd>${paidAt.format(new Date(data.created * 1000))} UTC</dd>
        <dt>Card</dt>
        <dd>${BRANDS[card.brand] ?? card.brand} •••• ${card.last4}</dd>
        <dt>Charge</dt>
        <dd>${data.id}</dd>
        <dt class="sum">Paid</dt>
        <dd class="sum">${dollars(data.amount)} USD</dd>
        ${refund}
      </dl>
    </section>`,
  )
}
