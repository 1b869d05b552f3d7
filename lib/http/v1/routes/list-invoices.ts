import 'server-only'

import { invoicesAnswer, invoicesQuery } from '@/lib/billing/invoice-contract'
import { listInvoices } from '@/lib/billing/charges/list-invoices'

import { param, respond, route } from '../route'

/** `GET /organizations/{org}/invoices`. */
export const listInvoicesRoute = route({
  method: 'GET',
  path: '/organizations/{org}/invoices',
  summary: 'The invoices of postpaid usage, newest first',
  query: invoicesQuery,
  answers: { 200: { description: 'A page of invoices.', schema: invoicesAnswer } },
  handle: async (call) => respond(200, await listInvoices(call.actor, param(call, 'org'), call.query)),
})
