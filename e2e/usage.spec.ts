import { randomUUID } from 'node:crypto'

import { balanceFigure, entriesOf, expectLiveBalance, expectWholeJournal, keyHeaders } from './fixtures/machine-api'
import { signInAs } from './fixtures/people'
import { expect, test } from './fixtures/test'

test('usage reaches an open overview without reloading, and its explanation shows how 25.4 s became $0.013', async ({
  page,
  request,
}) => {
  await signInAs(page, 'member')
  await expect(balanceFigure(page)).toBeVisible()
  await page.evaluate(() => Object.assign(window, { hasNotReloaded: true }))
  const id = `journey-${randomUUID()}`
  const event = { id, organization: 'acme', meter: 'gpu_m', quantity: '25.4', resource: 'llama-70b-awq' }
  const first = await request.post('/api/v1/usage', { headers: keyHeaders(), data: event })
  expect(first.status()).toBe(201)
  const { entry, amount } = (await first.json()) as { readonly entry: string; readonly amount: string }
  expect(amount).toBe('0.013')
  await expectLiveBalance(page, request)
  await expect(page.locator(`main a[href="/o/acme/history/${entry}"]`)).toBeVisible()
  expect(await page.evaluate(() => 'hasNotReloaded' in window)).toBe(true)

  await page.goto(`/o/acme/history?q=${id}`)
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.goto(`/o/acme/history/${entry}`)
  await expect(
    page.getByText(/^You were charged \$0\.013 for 2[56][.\d]* s of GPU M on llama-70b-awq\.$/),
  ).toBeVisible()
  const arithmetic = page.getByRole('table', { name: 'Arithmetic of this entry' })
  await expect(arithmetic.getByRole('cell', { name: '25.4 → 26 s' })).toBeVisible()
  await expect(arithmetic.getByText(/^\$0\.0005\//)).toBeVisible()
  await expect(page.getByText('It matches to the last digit.')).toBeVisible()

  const again = await request.post('/api/v1/usage', { headers: keyHeaders(), data: event })
  expect(again.status()).toBe(200)
  expect(await again.json()).toMatchObject({ outcome: 'duplicate', entry, amount: '0.013' })
  await expectWholeJournal(request)
})

test('usage without credits is refused with what it needs, and writes nothing', async ({ request }) => {
  const organization = `journey-${randomUUID()}`
  const made = await request.post('/api/v1/organizations', {
    headers: keyHeaders(),
    data: { external_id: organization, name: 'Without credits' },
  })
  expect(made.status()).toBe(201)
  const refused = await request.post('/api/v1/usage', {
    headers: keyHeaders(),
    data: { id: `journey-${randomUUID()}`, organization, meter: 'gpu_m', quantity: '25.4' },
  })
  expect(refused.status()).toBe(402)
  expect(await refused.json()).toMatchObject({ code: 'insufficient_credits', required: '0.013', available: '0' })
  expect(await entriesOf(request, organization)).toEqual([])
})
