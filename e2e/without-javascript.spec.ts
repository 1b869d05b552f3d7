import { openCheckout, payWithNumber } from './fixtures/checkout'
import { purchasesOf } from './fixtures/journal'
import { signInAs } from './fixtures/people'
import { expect, test } from './fixtures/test'

test.use({ javaScriptEnabled: false })

test('reading and paying work without JavaScript', async ({ page, request }) => {
  await signInAs(page, 'owner')
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  await page.goto('/o/acme/history?type=purchase&range=all')
  await page
    .getByRole('link', { name: /Purchase/ })
    .first()
    .click()
  await expect(page.getByText(/Visa •••• 4242/).first()).toBeVisible()

  await openCheckout(page, '43')
  await payWithNumber(page, '4242 4242 4242 4242')
  await expect(page.getByRole('heading', { name: '$43.00 added' })).toBeVisible()
  expect(await purchasesOf(request, '43')).toHaveLength(1)
})
