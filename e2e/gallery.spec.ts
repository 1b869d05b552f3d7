import AxeBuilder from '@axe-core/playwright'

import { expect, test } from './fixtures/test'

// Pages of the gallery belong to nobody, so their live connection is refused.
test.use({ expectedErrors: /status of 40[14]/, contextOptions: { reducedMotion: 'reduce' } })

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

// The pages themselves are looked at in all four; their many states once in each theme and once in each width.
for (const { theme, width } of [
  { theme: 'light', width: 1280 },
  { theme: 'dark', width: 360 },
]) {
  test(`axe finds nothing on any page in any state, ${theme} at ${width} px`, async ({ page }) => {
    test.setTimeout(240_000)
    await page.setViewportSize({ width, height: 800 })
    await page.goto('/dev/ui')
    const addresses = await page
      .locator(`a[href$="?theme=${theme}"]`)
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
    expect(addresses.length).toBeGreaterThan(20)
    for (const address of ['/dev/ui', ...addresses]) {
      await page.goto(address)
      await expect(page.getByRole('heading', { level: 1, includeHidden: true }).first()).toBeAttached()
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
      const found = violations.map(({ id, nodes }) => `${address}: ${id}: ${nodes[0]?.html ?? ''}`)
      expect.soft(found).toEqual([])
    }
  })
}
