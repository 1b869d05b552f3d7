import AxeBuilder from '@axe-core/playwright'

import { openCheckout } from './fixtures/checkout'
import { signInAs } from './fixtures/people'
import { expect, test } from './fixtures/test'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const ROUTES = [
  '/o/acme',
  '/o/acme/history',
  '/o/acme/history?q=nothing-is-called-this',
  '/o/acme/history?before=made-up',
  '/o/acme/buy',
  '/o/acme/settings/members',
  '/dev/mailbox',
] as const

const LOOKS = [
  { theme: 'light', width: 1280 },
  { theme: 'light', width: 360 },
  { theme: 'dark', width: 1280 },
  { theme: 'dark', width: 360 },
] as const

for (const { theme, width } of LOOKS) {
  test.describe(`${theme}, ${width} px`, () => {
    test.use({ colorScheme: theme, viewport: { width, height: 800 }, contextOptions: { reducedMotion: 'reduce' } })

    test('axe finds nothing on any page of an organization, nor on the way in', async ({ page }) => {
      test.setTimeout(180_000)
      await page.goto('/sign-in')
      expect(await violationsOf(page, '/sign-in')).toEqual([])
      await signInAs(page, 'owner')
      for (const route of ROUTES) {
        await page.goto(route)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        expect(await violationsOf(page, route)).toEqual([])
      }
      await page.goto('/o/acme/history?range=all&type=purchase')
      const entry = page.getByRole('link', { name: /Purchase/ }).first()
      const address = (await entry.getAttribute('href')) ?? ''
      await entry.click()
      await expect(page).toHaveURL(/\/history\/ent_/)
      await expect(page.getByText('Recalculated').or(page.getByText('Before')).first()).toBeVisible()
      expect(await violationsOf(page, 'the panel of an entry')).toEqual([])
      await page.goto(address)
      expect(await violationsOf(page, 'the page of an entry')).toEqual([])
    })

    test('axe finds nothing on the hosted page', async ({ page }) => {
      await signInAs(page, 'owner')
      await openCheckout(page, '41')
      expect(await violationsOf(page, 'Checkout')).toEqual([])
    })
  })
}

test.describe('320 px', () => {
  test.use({ viewport: { width: 320, height: 700 } })

  test('no page scrolls sideways', async ({ page }) => {
    await signInAs(page, 'owner')
    for (const route of ROUTES) {
      await page.goto(route)
      const isWider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
      expect(`${route} ${isWider}`).toBe(`${route} false`)
    }
  })
})

async function violationsOf(page: Parameters<typeof signInAs>[0], where: string): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
  return violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes[0]?.html ?? ''}`)
}
