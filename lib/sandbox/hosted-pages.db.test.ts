import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database'
import { startSandboxProcess, type SandboxProcess } from '@/lib/testing/sandbox-process'

let database: TestDatabase
let sandbox: SandboxProcess

beforeAll(async () => {
  database = await createTestDatabase()
  sandbox = await startSandboxProcess(database.url)
})

afterAll(async () => {
  await sandbox.stop()
  await database.drop()
})

const SUCCESS = 'http://localhost:3000/done?session={CHECKOUT_SESSION_ID}'

async function openCheckout(more: Record<string, string> = {}): Promise<{ id: string; url: string }> {
  const { status, body } = await sandbox.api('POST', '/v1/checkout/sessions', {
    mode: 'payment',
    success_url: SUCCESS,
    cancel_url: 'http://localhost:3000/buy',
    customer_email: 'ana@acme.dev',
    'line_items[0][price_data][currency]': 'usd',
    'line_items[0][price_data][unit_amount]': '5000',
    'line_items[0][price_data][product_data][name]': 'Credits <b>&amp; more</b>',
    'payment_intent_data[metadata][attempt]': 'att_1',
    ...more,
  })
  expect(status).toBe(200)
  return { id: String(body['id']), url: String(body['url']) }
}

async function openSetup(): Promise<{ id: string; url: string; customer: string }> {
  const customer = await sandbox.api('POST', '/v1/customers', { email: 'ana@acme.dev' })
  const { body } = await sandbox.api('POST', '/v1/checkout/sessions', {
    mode: 'setup',
    success_url: SUCCESS,
    customer: String(customer.body['id']),
  })
  return { id: String(body['id']), url: String(body['url']), customer: String(customer.body['id']) }
}

/** Sends the form of a page as a browser without script does. */
async function post(url: string, fields: Record<string, string>) {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  return { status: answer.status, location: answer.headers.get('location'), html: await answer.text() }
}

function card(number: string) {
  return { number, expiry: '12/34', cvc: '123', name: 'Ana Silva', email: 'ana@acme.dev' }
}

async function session(id: string) {
  return (await sandbox.api('GET', `/v1/checkout/sessions/${id}`)).body
}

describe('the Checkout page', () => {
  it('shows what is bought, escaped, in test mode, without anything from elsewhere', async () => {
    const { url } = await openCheckout()
    const answer = await fetch(url)
    const html = await answer.text()
    expect(html).toContain('TEST MODE')
    expect(html).toContain('Pay $50.00')
    expect(html).toContain('Credits &lt;b&gt;&amp;amp; more&lt;/b&gt;')
    expect(html).not.toContain('<b>')
    expect(html).not.toContain('<script')
    expect(html).toContain('autocomplete="cc-number"')
    expect(html).toContain('value="ana@acme.dev"')
    expect(html.match(/(?:src|href)="https?:[^"]*"/g)).toEqual(['href="http://localhost:3000/buy"'])
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('is completed by a plain form post, spaces in the number included', async () => {
    const { id, url } = await openCheckout()
    const paid = await post(url, card('4242 4242 4242 4242'))
    expect(paid).toMatchObject({ status: 303, location: SUCCESS.replace('{CHECKOUT_SESSION_ID}', id) })
    const done = await session(id)
    expect(done).toMatchObject({ status: 'complete', payment_status: 'paid', url: null })
    const intent = await sandbox.api('GET', `/v1/payment_intents/${String(done['payment_intent'])}`)
    expect(intent.body).toMatchObject({ status: 'succeeded', amount_received: 5000, metadata: { attempt: 'att_1' } })
  })

  it('charges once when Pay is pressed five times at once', async () => {
    const { id, url } = await openCheckout()
    const pressed = await Promise.all(Array.from({ length: 5 }, () => post(url, card('4242424242424242'))))
    expect(new Set(pressed.map((answer) => `${answer.status} ${answer.location}`)).size).toBe(1)
    const intent = String((await session(id))['payment_intent'])
    const charges = await sandbox.api('GET', '/v1/charges', { payment_intent: intent })
    expect(charges.body['data']).toHaveLength(1)
  })

  it('shows a decline and takes another card, on the same payment', async () => {
    const { id, url } = await openCheckout()
    const declined = await post(url, card('4000 0000 0000 9995'))
    expect(declined.status).toBe(200)
    expect(declined.html).toContain('role="alert"')
    expect(declined.html).toContain('Your card has insufficient funds.')
    expect(declined.html).not.toContain('4000 0000 0000 9995"')
    const intent = (await session(id))['payment_intent']
    expect(await post(url, card('5555 5555 5555 4444'))).toMatchObject({ status: 303 })
    expect(await session(id)).toMatchObject({ status: 'complete', payment_intent: intent })
    const charges = await sandbox.api('GET', '/v1/charges', { payment_intent: String(intent) })
    expect(charges.body['data']).toMatchObject([{ status: 'succeeded' }, { status: 'failed' }])
  })

  it.each([
    ['a number that is no test card', { number: '4111 1111 1111 1111' }, 'that is not a test card'],
    ['a number with a wrong digit', { number: '4242 4242 4242 4241' }, 'Your card number is invalid.'],
    ['a short number', { number: '4242' }, 'Your card number is incomplete.'],
    ['an expiry in the past', { expiry: '01/20' }, 'expiration date is in the past'],
    ['a thirteenth month', { expiry: '13/34' }, 'expiration date is invalid'],
    ['no security code', { cvc: '' }, 'security code is incomplete'],
    ['no e-mail address', { email: 'ana' }, 'Enter your e-mail address.'],
  ])('refuses %s beside its field and asks no bank', async (_case, change, sentence) => {
    const { id, url } = await openCheckout()
    const refused = await post(url, { ...card('4242424242424242'), ...change })
    expect(refused.status).toBe(200)
    expect(refused.html.replaceAll('&#39;', "'")).toContain(sentence)
    expect(refused.html).toContain('aria-invalid="true"')
    expect(await session(id)).toMatchObject({ status: 'open', payment_intent: null })
  })

  it('sends a card that needs it through 3-D Secure, and pays only after a yes', async () => {
    const { id, url } = await openCheckout()
    const asked = await post(url, card('4000 0027 6000 3184'))
    expect(asked.location).toMatch(/\/3ds\/pi_\w+$/)
    const question = asked.location ?? ''
    expect(await (await fetch(question)).text()).toContain('you are paying $50.00 with the card ending in 3184')
    expect(await session(id)).toMatchObject({ status: 'open', payment_status: 'unpaid' })

    const failed = await post(question, { answer: 'fail' })
    expect(failed).toMatchObject({ status: 303, location: `/c/pay/${id}` })
    expect(await (await fetch(url)).text()).toContain('We are unable to authenticate your payment method')

    await post(url, card('4000 0027 6000 3184'))
    const success = SUCCESS.replace('{CHECKOUT_SESSION_ID}', id)
    expect(await post(question, { answer: 'complete' })).toMatchObject({ status: 303, location: success })
    expect(await post(question, { answer: 'complete' })).toMatchObject({ status: 303, location: success })
    expect(await session(id)).toMatchObject({ status: 'complete', payment_status: 'paid' })
  })

  it('says that nothing moved when it has expired, and takes no money then', async () => {
    const { id, url } = await openCheckout()
    await post(url, card('4000000000000002'))
    await sandbox.api('POST', `/v1/checkout/sessions/${id}/expire`)
    expect(await (await fetch(url)).text()).toContain('No money moved')
    expect(await post(url, card('4242424242424242'))).toMatchObject({ status: 303, location: `/c/pay/${id}` })
    const intent = String((await session(id))['payment_intent'])
    expect((await sandbox.api('GET', `/v1/payment_intents/${intent}`)).body).toMatchObject({ status: 'canceled' })
  })

  it('says that a finished session is done, and that an unknown one does not exist', async () => {
    const { url } = await openCheckout()
    await post(url, card('4242424242424242'))
    expect(await (await fetch(url)).text()).toContain('This payment went through.')
    expect((await fetch(`${sandbox.url}/c/pay/cs_test_unknown`)).status).toBe(404)
  })

  it('never stores a card number', async () => {
    const { id, url } = await openCheckout()
    await post(url, card('4000002760003184'))
    await post(url, card('4000 0000 0000 9987'))
    for (const kind of ['payment_method', 'payment_intent', 'charge', 'checkout_session', 'event'] as const) {
      const stored = JSON.stringify(await sandbox.control.objects(kind))
      expect(stored).not.toMatch(/4000002760003184|4000 ?0000 ?0000 ?9987|4242 ?4242 ?4242 ?4242/)
    }
    expect(await session(id)).toMatchObject({ status: 'open' })
  })
})

describe('the page that saves a card', () => {
  it('saves it without a charge', async () => {
    const { id, url, customer } = await openSetup()
    expect(await (await fetch(url)).text()).toContain('No charge is made now')
    expect(await post(url, card('5555555555554444'))).toMatchObject({ status: 303 })
    expect(await session(id)).toMatchObject({ status: 'complete', payment_status: 'no_payment_required' })
    const cards = await sandbox.api('GET', `/v1/customers/${customer}/payment_methods`)
    expect(cards.body['data']).toMatchObject([{ customer, card: { brand: 'mastercard', last4: '4444' } }])
    expect((await sandbox.api('GET', '/v1/charges', { customer })).body['data']).toEqual([])
  })

  it('after 3-D Secure saves a card that pays later without the customer', async () => {
    const { url, customer } = await openSetup()
    const asked = await post(url, card('4000 0025 0000 3155'))
    expect(await post(asked.location ?? '', { answer: 'complete' })).toMatchObject({ status: 303 })
    const cards = await sandbox.api('GET', `/v1/customers/${customer}/payment_methods`)
    const [saved] = cards.body['data'] as { id: string }[]
    const charged = await sandbox.api('POST', '/v1/payment_intents', {
      amount: '500',
      currency: 'usd',
      customer,
      payment_method: saved?.id ?? '',
      confirm: 'true',
      off_session: 'true',
    })
    expect(charged.body).toMatchObject({ status: 'succeeded' })
  })
})

describe('a receipt', () => {
  it('shows what was paid and what came back', async () => {
    const paid = await sandbox.api('POST', '/v1/payment_intents', {
      amount: '123456',
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: 'true',
      'expand[]': 'latest_charge',
    })
    const { id, receipt_url: url } = paid.body['latest_charge'] as { id: string; receipt_url: string }
    await sandbox.api('POST', '/v1/refunds', { charge: id, amount: '3456' })
    const html = await (await fetch(url)).text()
    expect(html).toContain('$1,234.56')
    expect(html).toContain('Visa •••• 4242')
    expect(html).toContain('−$34.56')
    expect(html).toContain('$1,200.00')
  })
})
