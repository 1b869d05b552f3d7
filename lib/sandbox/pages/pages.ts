import { Refusal } from '../http/refusal'
import type { Request, Response } from '../http/request'
import type { Sandbox } from '../sandbox'
import { payCheckout, showCheckout } from './checkout'
import { notice } from './layout'
import { showReceipt } from './receipt'
import { answerThreeDSecure, showThreeDSecure } from './three-d-secure'

/** Answers the hosted pages: Checkout, 3-D Secure, receipts. */
export async function answerPage(sandbox: Sandbox, request: Request): Promise<Response> {
  const { method, path } = request
  const match = /^\/(c\/pay|3ds|receipts)\/(\w+)$/.exec(path)
  const id = match?.[2] ?? ''
  try {
    if (match?.[1] === 'c/pay' && method === 'GET') return await showCheckout(sandbox, id)
    if (match?.[1] === 'c/pay' && method === 'POST') return await payCheckout(sandbox, request, id)
    if (match?.[1] === '3ds' && method === 'GET') return await showThreeDSecure(sandbox, id)
    if (match?.[1] === '3ds' && method === 'POST') return await answerThreeDSecure(sandbox, request, id)
    if (match?.[1] === 'receipts' && method === 'GET') return await showReceipt(sandbox, id)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.status !== 404) return notice('That did not work', error.message, null, error.status)
  }
  return notice('Page not found', 'There is no such page in the sandbox. Check the address, or start again.', null, 404)
}
