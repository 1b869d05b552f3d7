import { randomUUID } from 'node:crypto'

import { demo } from './fixtures/demo'
import { signInAs } from './fixtures/people'
import { expect, test } from './fixtures/test'

// The letter is shown in a frame without scripts, which the browser notes.
test.use({ expectedErrors: /status of 404|Blocked script execution in 'about:srcdoc'/ })

test('one click signs a person of the demo in, and signing out ends the session', async ({ page }) => {
  await signInAs(page, 'owner')
  await expect(page).toHaveURL(/\/o\/acme$/)
  await page.locator('summary').filter({ hasText: 'Your account' }).first().click()
  await page.getByRole('button', { name: 'Sign out' }).first().click()
  await expect(page).toHaveURL(/\/sign-in/)
  await page.goto('/o/acme')
  await expect(page).toHaveURL(/\/sign-in\?next=/)
})

test('a visitor who is asked to sign in comes back to where they wanted to go', async ({ page }) => {
  await page.goto('/o/acme/settings/members')
  await expect(page).toHaveURL(/\/sign-in\?next=/)
  await page.getByRole('button', { name: /Raj Patel/ }).click()
  await expect(page).toHaveURL(/\/o\/acme\/settings\/members$/)
})

test('a link in an e-mail signs in once', async ({ page, browser }) => {
  const email = `new-${randomUUID()}@acme.dev`
  await page.goto('/sign-in?next=/welcome')
  await page.getByLabel('E-mail').first().fill(email)
  await page.getByRole('button', { name: 'E-mail me a sign-in link' }).click()
  await expect(page.getByText(email)).toBeVisible()
  await page.goto('/dev/mailbox')
  await page
    .getByRole('listitem')
    .filter({ hasText: email })
    .or(page.getByRole('row').filter({ hasText: email }))
    .getByRole('link')
    .first()
    .click()
  await page.frameLocator('iframe').getByRole('link', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Continue' })).toBeVisible()
  const link = page.url()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page).toHaveURL(/\/welcome/)
  const stranger = await browser.newContext()
  const second = await stranger.newPage()
  await second.goto(link)
  await expect(second.getByRole('heading', { level: 1, name: 'This link no longer works' })).toBeVisible()
  await stranger.close()
})

test('a wrong password is refused in words, and the right one signs in', async ({ page }) => {
  await page.goto('/sign-in?next=/o/acme/history')
  await page.getByText('Use a password instead').click()
  await page.locator('#password-email').fill('ana@acme.dev')
  await page.locator('#password').fill('wrong')
  await page.getByRole('button', { name: 'Sign in with password' }).click()
  await expect(page.getByText('do not match')).toBeVisible()
  await page.locator('#password-email').fill('ana@acme.dev')
  await page.locator('#password').fill(demo().demoPassword)
  await page.getByRole('button', { name: 'Sign in with password' }).click()
  await expect(page).toHaveURL(/\/o\/acme\/history/)
})

for (const elsewhere of ['//evil.example', 'https://evil.example', '/\\evil.example', '/\t/evil.example']) {
  test(`signing in never leads to another host: ${JSON.stringify(elsewhere)}`, async ({ page, baseURL }) => {
    await signInAs(page, 'owner', elsewhere)
    expect(new URL(page.url()).origin).toBe(baseURL)
  })
}

test('an organization that somebody does not belong to does not exist for them', async ({ page }) => {
  await signInAs(page, 'owner')
  const answer = await page.goto('/o/somebody-else')
  expect(answer?.status()).toBe(404)
})
