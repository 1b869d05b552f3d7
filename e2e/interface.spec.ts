import { signInAs } from './fixtures/people'
import { expect, test } from './fixtures/test'

test.beforeEach(({ page }) => signInAs(page, 'member'))

test('the first Tab offers to skip the navigation, and Enter does', async ({ page }) => {
  await page.goto('/o/acme')
  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: 'Skip to content' })
  await expect(skip).toBeFocused()
  await expect(skip).toBeInViewport()
  await page.keyboard.press('Enter')
  await expect(page.locator('main#content')).toBeFocused()
})

test('a change of page moves the focus to its heading', async ({ page }) => {
  await page.goto('/o/acme')
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'History' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'Credit history' })).toBeFocused()
})

test('a theme is chosen with the keyboard and is still there after loading again', async ({ page }) => {
  await page.goto('/o/acme')
  await page.getByText('Mia Chen').last().click()
  const light = page.getByRole('radio', { name: 'Light' }).first()
  await light.focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(13, 16, 21)')
})

test('a place in the list that does not exist is said, and the newest entries are shown', async ({ page }) => {
  await page.goto('/o/acme/history?before=made-up')
  await expect(page.getByText('That place in the list no longer exists')).toBeVisible()
  await expect(page.getByRole('main').getByRole('link', { name: /Usage/ }).first()).toBeVisible()
})
