import { openCheckout, payWithNumber } from './fixtures/checkout'
import { purchasesOf } from './fixtures/journal'
import { signInAs } from './fixtures/people'
import { expect, test } from './fixtures/test'

test.beforeEach(({ page }) => signInAs(page, 'owner'))

test('one review that is open in two windows is paid once', async ({ page, context, request }) => {
  await page.goto('/o/acme/buy?amount=51')
  await page.getByRole('button', { name: 'Review $51.00' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Review and pay' })).toBeVisible()
  const twin = await context.newPage()
  await twin.goto(page.url())
  const pay = { name: 'Pay $51.00 with Visa •••• 4242' }
  await page.getByRole('button', pay).click()
  await expect(page.getByRole('heading', { name: '$51.00 added' })).toBeVisible()
  await twin.getByRole('button', pay).click()
  await expect(twin).toHaveURL(/\/buy\/return/)
  expect(paymentOf(twin.url())).toBe(paymentOf(page.url()))
  expect(await purchasesOf(request, '51')).toHaveLength(1)
})

test('a purchase is one line of the history and is explained by the card that paid', async ({ page }) => {
  await openCheckout(page, '52')
  await payWithNumber(page, '4242 4242 4242 4242')
  await expect(page.getByRole('heading', { name: '$52.00 added' })).toBeVisible()
  const payment = paymentOf(page.url())
  await page.goto(`/o/acme/history?q=${payment}`)
  await expect(page.getByRole('main').getByRole('link', { name: /Purchase/ })).toHaveCount(1)
  await expect(page.getByRole('cell', { name: '+$52.00' })).toBeVisible()
  await page
    .getByRole('main')
    .getByRole('link', { name: /Purchase/ })
    .click()
  const panel = page.getByRole('dialog', { name: 'Purchase, +$52.00' })
  await expect(panel).toContainText('You paid $52.00 with Visa •••• 4242 and received $52.00 in credits.')
  await expect(panel).toContainText('It matches to the last digit.')
})

test('an amount below the least is refused beside its field, and kept', async ({ page }) => {
  await page.goto('/o/acme/buy')
  await page.getByText('Other', { exact: true }).click()
  const amount = page.getByLabel('Other amount')
  await amount.fill('0.10')
  await page.getByRole('button', { name: 'Review' }).click()
  await expect(amount).toHaveAttribute('aria-invalid', 'true')
  await expect(amount).toHaveValue('0.10')
  await expect(page).toHaveURL(/\/buy$/)
})

function paymentOf(address: string): string | null {
  const payment = new URL(address).searchParams.get('payment')
  expect(payment).toMatch(/^pay_/)
  return payment
}
