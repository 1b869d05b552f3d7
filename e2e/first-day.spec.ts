import { randomUUID } from 'node:crypto'

import { demo } from './fixtures/demo'
import { expect, test } from './fixtures/test'

test('an owner buys credits with a card, spends them through the API, and sees every number and its reason', async ({
  page,
  context,
  request,
}) => {
  const { apiKey } = demo()
  const authorization = `Bearer ${apiKey}`

  await test.step('signs in with one click', async () => {
    await page.goto('/sign-in')
    await page.getByRole('button', { name: /Ana Ruiz/ }).click()
    await expect(page).toHaveURL(/\/o\/acme$/)
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  })

  const watching = await context.newPage()
  await watching.goto('/o/acme')
  const watched = watching
    .getByRole('main')
    .getByText(/^\$\d[\d,]*\.\d\d$/)
    .first()
  const before = await watched.innerText()
  // Set once by this journey: a page that reloads forgets it.
  await watching.evaluate(() => Object.assign(window, { hasNotReloaded: true }))

  await test.step('buys 25 dollars of credits at the hosted page', async () => {
    await page.goto('/o/acme/buy')
    await page.getByText('$25', { exact: true }).click()
    await page.getByText('Another card').click()
    await page.getByRole('button', { name: 'Continue to payment' }).click()
    await expect(page.getByText('TEST MODE').first()).toBeVisible()
    await page.getByLabel('Card number').fill('4242 4242 4242 4242')
    await page.getByLabel(/Expiry|Expires/).fill('12 / 34')
    await page.getByLabel(/CVC/).fill('123')
    await page.getByLabel(/Name/).fill('Ana Ruiz')
    await page.getByRole('button', { name: 'Pay $25.00' }).click()
    await expect(page.getByRole('heading', { name: '$25.00 added' })).toBeVisible({ timeout: 30_000 })
  })

  await test.step('sees the balance change on a page that was open all along', async () => {
    await expect(watched).not.toHaveText(before)
    expect(await watching.evaluate(() => 'hasNotReloaded' in window)).toBe(true)
  })

  await test.step('loads the result again and is not charged again', async () => {
    const purchases = async () => {
      const listed = await request.get('/api/v1/organizations/acme/entries?kind=purchase&limit=200', {
        headers: { authorization },
      })
      return ((await listed.json()) as { data: unknown[] }).data.length
    }
    const count = await purchases()
    // The page notes in its address that the result was seen, as soon as it is interactive.
    await expect(page).toHaveURL(/[?&]seen=1/)
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Already added' })).toBeVisible()
    expect(await purchases()).toBe(count)
  })

  const eventId = `first-day-${randomUUID()}`
  const event = { id: eventId, organization: 'acme', meter: 'gpu_m', quantity: '25.4', resource: 'llama-70b-awq' }

  await test.step('records usage as the printed example does, once however often it is sent', async () => {
    const first = await request.post('/api/v1/usage', { headers: { authorization }, data: event })
    expect(first.status()).toBe(201)
    expect(await first.json()).toMatchObject({ outcome: 'charged', amount: '0.013', asset: 'credit' })
    const again = await request.post('/api/v1/usage', { headers: { authorization }, data: event })
    expect(again.status()).toBe(200)
    expect(await again.json()).toMatchObject({ outcome: 'duplicate', amount: '0.013' })
  })

  await test.step('finds the debit in the history and why it is this number', async () => {
    await page.goto(`/o/acme/history?q=${eventId}`)
    await page.getByRole('link', { name: /Usage/ }).first().click()
    const explanation = page.getByRole('dialog').or(page.getByRole('main'))
    await expect(explanation.getByText('It matches to the last digit.').first()).toBeVisible()
    await expect(explanation.getByText('25.4', { exact: false }).first()).toBeVisible()
    await expect(explanation.getByText(/26/).first()).toBeVisible()
  })
})
