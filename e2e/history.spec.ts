import { signInAs } from './fixtures/people'
import { expect, test } from './fixtures/test'

test.use({ expectedErrors: /status of 404/ })

test.beforeEach(async ({ page }) => {
  await signInAs(page, 'member')
})

test('what is filtered stands in the address, and can be cleared', async ({ page }) => {
  await page.goto('/o/acme/history')
  await page.getByLabel('Range').selectOption('all')
  await page.getByLabel('Search').fill('vision-batch')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page).toHaveURL(/range=all/)
  await expect(page).toHaveURL(/q=vision-batch/)
  await expect(page.getByRole('main').getByText('vision-batch').first()).toBeVisible()
  await expect(page.getByRole('main').getByText('chat-api')).toHaveCount(0)
  await page.getByRole('link', { name: 'Clear filters' }).first().click()
  await expect(page).toHaveURL(/\/history$/)
})

test('an empty result says that nothing matches, never that nothing happened', async ({ page }) => {
  await page.goto('/o/acme/history?q=nothing-is-called-this')
  await expect(page.getByText(/No entries match/).first()).toBeVisible()
  await expect(page.getByText(/No activity yet/)).toHaveCount(0)
})

test('older and newer lead through the journal and back to where it began', async ({ page }) => {
  await page.goto('/o/acme/history?range=30d&type=usage&q=embed-worker')
  const first = await page.getByRole('main').getByRole('link', { name: /Usage/ }).first().getAttribute('href')
  await page.getByRole('link', { name: /Older/ }).click()
  await expect(page).toHaveURL(/before=/)
  await expect(page.getByRole('main').getByRole('link', { name: /Usage/ }).first()).not.toHaveAttribute(
    'href',
    first ?? '',
  )
  await page.getByRole('link', { name: /Newer/ }).click()
  await expect(page.getByRole('main').getByRole('link', { name: /Usage/ }).first()).toHaveAttribute('href', first ?? '')
})

test('a page of an entry that does not exist, or is not theirs, is a clear 404', async ({ page }) => {
  for (const id of ['ent_01h455vb4pex5vsknk084sn02q', 'nonsense', '%00', "'%20OR%201=1"]) {
    const answer = await page.goto(`/o/acme/history/${id}`)
    expect(`${id} ${answer?.status()}`).toBe(`${id} 404`)
  }
})

test('an entry opens beside the list, closes with Escape, and leaves the focus where it was', async ({ page }) => {
  await page.goto('/o/acme/history')
  const entry = page.getByRole('main').getByRole('link', { name: /Usage/ }).first()
  await entry.click()
  await expect(page).toHaveURL(/\/history\/ent_/)
  await expect(page.getByText('It matches to the last digit.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Credit history' })).toBeAttached()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/\/history$/)
  await expect(entry).toBeFocused()
})
