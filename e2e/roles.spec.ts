import { PEOPLE, signInAs } from './fixtures/people'
import { expect, test } from './fixtures/test'

test.use({ expectedErrors: /status of 40[34]/ })

const PAGES = {
  '/o/acme': 'Overview',
  '/o/acme/history': 'Credit history',
  '/o/acme/buy': 'Buy credits',
  '/o/acme/settings/members': 'Members',
} as const

const SEES: Readonly<Record<'owner' | 'admin' | 'member' | 'lite', readonly (keyof typeof PAGES)[]>> = {
  owner: ['/o/acme', '/o/acme/history', '/o/acme/buy', '/o/acme/settings/members'],
  admin: ['/o/acme', '/o/acme/history', '/o/acme/buy', '/o/acme/settings/members'],
  member: ['/o/acme', '/o/acme/history', '/o/acme/buy', '/o/acme/settings/members'],
  lite: ['/o/acme', '/o/acme/history', '/o/acme/buy'],
}

for (const [role, allowed] of Object.entries(SEES) as [keyof typeof SEES, readonly string[]][]) {
  test(`${role}: every page answers as the table of permissions says`, async ({ page }) => {
    await signInAs(page, role)
    for (const [address, title] of Object.entries(PAGES)) {
      const answer = await page.goto(address)
      expect(`${address} ${answer?.status()}`).toBe(`${address} ${allowed.includes(address) ? 200 : 403}`)
      if (allowed.includes(address)) await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
    }
    const navigation = page.getByRole('navigation', { name: 'Pages' }).first()
    await page.goto('/o/acme')
    await expect(navigation.getByRole('link', { name: 'Members' })).toHaveCount(role === 'lite' ? 0 : 1)
    const canBuy = role === 'owner' || role === 'admin'
    await expect(navigation.getByRole('link', { name: 'Buy credits' })).toHaveCount(canBuy ? 1 : 0)
  })
}

test('a member is told whom to ask for credits, and sees no form', async ({ page }) => {
  await signInAs(page, 'member')
  await page.goto('/o/acme/buy')
  await expect(page.getByText('Only owners and admins can buy credits')).toBeVisible()
  await expect(page.getByText(PEOPLE.owner)).toBeVisible()
  await expect(page.getByRole('button', { name: /Continue|Review|Pay/ })).toHaveCount(0)
})

test("a member who sends an owner's form is refused, and no payment is started", async ({ browser, page }) => {
  const plain = await browser.newContext({ javaScriptEnabled: false })
  const owner = await plain.newPage()
  await signInAs(owner, 'owner')
  await owner.goto('/o/acme/buy?amount=77')
  const fields = await owner
    .locator('form:has(input[name="formToken"]) input[type="hidden"]')
    .evaluateAll((inputs) =>
      inputs.map((input) => [(input as HTMLInputElement).name, (input as HTMLInputElement).value] as const),
    )
  await plain.close()
  expect(fields.some(([name]) => name.startsWith('$ACTION'))).toBe(true)

  await signInAs(page, 'member')
  const form = { ...Object.fromEntries(fields), amount: 'other', otherAmount: '77', payWith: 'new' }
  const answer = await page.request.post('/o/acme/buy', { multipart: form, maxRedirects: 0 })
  expect(answer.status()).toBe(200)
  expect(await answer.text()).toContain('Only owners and admins can buy credits')
  await page.goto('/o/acme/history?range=all&type=purchase')
  await expect(page.getByText('$77.00')).toHaveCount(0)
})

test('a Lite member sees nothing of the pool', async ({ page }) => {
  await signInAs(page, 'lite')
  await page.goto('/o/acme')
  const main = page.getByRole('main')
  await expect(main.getByText('each month, yours alone')).toBeVisible()
  await expect(main.getByText('llama-70b-awq')).toHaveCount(0)
  await expect(main.getByText('Auto-recharge')).toHaveCount(0)
  await page.goto('/o/acme/history?range=all')
  await expect(main.getByText('chat-api').first()).toBeVisible()
  await expect(page.getByText('llama-70b-awq')).toHaveCount(0)
})

test('operator staff belong to no organization and see none', async ({ page }) => {
  await signInAs(page, 'operator')
  await expect(page).toHaveURL(/\/welcome/)
  const answer = await page.goto('/o/acme')
  expect(answer?.status()).toBe(404)
})
