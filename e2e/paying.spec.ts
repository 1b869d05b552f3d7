import { sandboxControl } from '../lib/testing/sandbox-control'
import { openCheckout, payWithNumber } from './fixtures/checkout'
import { demo } from './fixtures/demo'
import { purchasesOf } from './fixtures/journal'
import { signInAs } from './fixtures/people'
import { expect, test } from './fixtures/test'

// The switches of the sandbox are for everybody: these journeys go one after another. Each pays an amount of its own.
test.describe.configure({ mode: 'serial' })

function sandbox() {
  const { sandboxUrl: url, stripeKey: secretKey } = demo()
  return sandboxControl({ url, secretKey })
}

test.beforeEach(async ({ page }) => {
  await signInAs(page, 'owner')
})

test('a saved card is charged only after a review that names amount and card, and only once', async ({
  page,
  request,
}) => {
  await page.goto('/o/acme/buy?amount=31')
  await page.getByRole('button', { name: 'Review $31.00' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Review and pay' })).toBeVisible()
  expect(await purchasesOf(request, '31')).toHaveLength(0)
  await page.getByRole('button', { name: 'Pay $31.00 with Visa •••• 4242' }).dblclick()
  await expect(page.getByRole('heading', { name: '$31.00 added' })).toBeVisible()
  expect(await purchasesOf(request, '31')).toHaveLength(1)
})

test('a declined card says so at Checkout and lets another one pay', async ({ page, request }) => {
  await openCheckout(page, '32')
  await payWithNumber(page, '4000 0000 0000 9995')
  await expect(page.getByText(/insufficient funds/i).first()).toBeVisible()
  await payWithNumber(page, '4242 4242 4242 4242')
  await expect(page.getByRole('heading', { name: '$32.00 added' })).toBeVisible()
  expect(await purchasesOf(request, '32')).toHaveLength(1)
})

test('a bank that wants to be asked is asked, and credits come after the answer', async ({ page, request }) => {
  await openCheckout(page, '33')
  await payWithNumber(page, '4000 0027 6000 3184')
  expect(await purchasesOf(request, '33')).toHaveLength(0)
  await page.getByRole('button', { name: /Complete|Confirm/ }).click()
  await expect(page.getByRole('heading', { name: '$33.00 added' })).toBeVisible()
  expect(await purchasesOf(request, '33')).toHaveLength(1)
})

test('who turns back at Checkout is told that no charge was made', async ({ page, request }) => {
  await openCheckout(page, '34')
  await page
    .getByRole('link', { name: /Cancel|Back/ })
    .first()
    .click()
  await expect(page.getByText('No charge was made.')).toBeVisible()
  expect(await purchasesOf(request, '34')).toHaveLength(0)
})

for (const [dollars, trouble, switches] of [
  ['35', 'come three times', { duplicates: 2 }],
  ['36', 'come late', { delayMs: 1_500 }],
  ['37', 'come in the wrong order', { reorder: true }],
  ['38', 'never come', { lose: 'all' }],
] as const) {
  test(`credits are added once when webhooks ${trouble}`, async ({ page, request }) => {
    await sandbox().setWebhooks(switches)
    try {
      await openCheckout(page, dollars)
      await payWithNumber(page, '4242 4242 4242 4242')
      await expect(page.getByRole('heading', { name: `$${dollars}.00 added` })).toBeVisible()
    } finally {
      await sandbox().resumeWebhooks()
    }
    await expect.poll(async () => (await sandbox().flushWebhooks()).pending).toBe(0)
    expect(await purchasesOf(request, dollars)).toHaveLength(1)
  })
}

test('credits come by webhook alone when nobody returns from Checkout', async ({ page, request }) => {
  await openCheckout(page, '39')
  const session = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await page.goto('about:blank')
  await sandbox().completeCheckout(session)
  await expect.poll(async () => (await purchasesOf(request, '39')).length, { timeout: 20_000 }).toBe(1)
})
