import { purchasesOf } from './fixtures/journal'
import { expect, test } from './fixtures/test'

test('a person without a mouse signs in, buys with the saved card and explains the entry', async ({
  page,
  request,
}) => {
  const reach = async (name: RegExp, role: 'button' | 'link') => {
    const target = page.getByRole(role, { name }).first()
    await expect(target).toBeVisible()
    for (let presses = 0; presses < 80; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) break
      await page.keyboard.press('Tab')
    }
    await expect(target).toBeFocused()
    const outline = await target.evaluate((element) => getComputedStyle(element).outlineStyle)
    expect(`${name} ${outline}`).not.toBe(`${name} none`)
    await page.keyboard.press('Enter')
  }
  await page.goto('/sign-in')
  await reach(/Ana Ruiz/, 'button')
  await expect(page).toHaveURL(/\/o\/acme$/)
  await reach(/Buy credits/, 'link')
  await expect(page.getByRole('heading', { level: 1, name: 'Buy credits' })).toBeFocused()
  await page.goto('/o/acme/buy?amount=44')
  await reach(/Review \$44\.00/, 'button')
  await expect(page.getByRole('heading', { level: 1, name: 'Review and pay' })).toBeVisible()
  await reach(/Pay \$44\.00 with Visa/, 'button')
  await expect(page.getByRole('heading', { name: '$44.00 added' })).toBeVisible()
  expect(await purchasesOf(request, '44')).toHaveLength(1)
  await reach(/Explain this entry/, 'link')
  await expect(page).toHaveURL(/\/history\/ent_/)
})
