/**
 * `npm run demo:tour`: does what a new user would do, in a browser without a window, says what it saw, and keeps screenshots of
 * each step, light and dark, wide and narrow, in `screenshots/`. Builds first when there is no build. Ends with 1 when a step fails.
 */
import { chromium, expect, type Browser, type Page } from '@playwright/test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'

import { BROWSER_FLAGS, findBrowser, thisMachine } from '../testing/browser'
import { startDemo, type Demo } from '../testing/demo-process'
import { EXAMPLE_EVENT } from './banner'

type Tour = {
  readonly demo: Demo
  /** Where the reader clicks. */
  readonly page: Page
  /** An overview that was opened once and is never loaded again. */
  readonly watching: Page
}

const ROOT = path.resolve(import.meta.dirname, '../..')
const SCREENSHOTS = path.join(ROOT, 'screenshots')
const WAIT_MS = 20_000
const WIDE = { width: 1280, height: 800 }
const NARROW = { width: 360, height: 800 }

let pictures = 0

process.exitCode = await tour()

async function tour(): Promise<number> {
  if (!existsSync(path.join(ROOT, '.next', 'BUILD_ID'))) await build()
  await rm(SCREENSHOTS, { recursive: true, force: true })
  await mkdir(SCREENSHOTS, { recursive: true })
  say('Starting the demo …')
  const { demo, stop } = await startDemo()
  const browser = await openBrowser()
  try {
    const context = await browser.newContext({ baseURL: demo.url, viewport: WIDE })
    context.setDefaultTimeout(WAIT_MS)
    await walk({ demo, page: await context.newPage(), watching: await context.newPage() })
    say(`The tour is complete. Pictures of its ${pictures} steps are in screenshots/.`)
    return 0
  } catch (error) {
    say(`The tour stopped: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  } finally {
    await browser.close()
    await stop()
  }
}

async function walk(tour: Tour): Promise<void> {
  const { page, watching } = tour
  await page.goto('/sign-in')
  await photograph(page, 'sign-in')
  await page.getByRole('button', { name: /Ana Ruiz/ }).click()
  await seeHeading(page, 'Overview')
  say(`Signed in with one click as Ana Ruiz. The balance is ${await shownBalance(page)}.`)
  await photograph(page, 'overview')
  await watching.goto('/o/acme')
  await watching.evaluate(() => Object.assign(window, { hasNotReloaded: true }))

  await buy(tour)
  const entry = await sendExample(tour)
  await explain(tour, entry)
}

async function buy({ page, watching }: Tour): Promise<void> {
  const before = await shownBalance(watching)
  await page.goto('/o/acme/buy')
  await page.getByText('$25', { exact: true }).click()
  await page.getByText('Another card').click()
  await photograph(page, 'buy')
  await page.getByRole('button', { name: 'Continue to payment' }).click()
  await page.getByLabel('E-mail').fill('billing@acme.dev')
  await page.getByLabel('Card number').fill('4242 4242 4242 4242')
  await page.getByLabel(/Expiry/).fill('12 / 34')
  await page.getByLabel('CVC').fill('123')
  await page.getByLabel('Name on card').fill('Ana Ruiz')
  await photograph(page, 'checkout')
  await page.getByRole('button', { name: 'Pay $25.00' }).click()
  await seeHeading(page, '$25.00 added')
  say('Bought 25 dollars of credits with the card 4242: the result page says "$25.00 added".')
  await photograph(page, 'added')
  await sayChange(watching, before, 'The overview that was open all along')
  await page.reload()
  await seeHeading(page, 'Already added')
  say('Loaded the result again: it says "Already added", and charges nothing.')
  await page.goto('/o/acme/buy?amount=50')
  await page.getByRole('button', { name: 'Review $50.00' }).click()
  await seeHeading(page, 'Review and pay')
  say('Looked at the review of a charge to the saved card, and left it: nothing is charged.')
  await photograph(page, 'review')
}

/** Sends the printed usage example and gives the entry that it made. */
async function sendExample({ demo, watching }: Tour): Promise<string> {
  const before = await shownBalance(watching)
  const answer = await fetch(`${demo.url}/api/v1/usage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${demo.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(EXAMPLE_EVENT),
  })
  expect(answer.status, 'the printed usage example is accepted').toBe(201)
  const { amount, entry } = (await answer.json()) as { readonly amount: string; readonly entry: string }
  say(`Sent the printed usage example: ${EXAMPLE_EVENT.quantity} s of GPU M cost $${amount}.`)
  await sayChange(watching, before, 'The open overview')
  expect(await watching.evaluate(() => 'hasNotReloaded' in window), 'the overview was never loaded again').toBe(true)
  return entry
}

async function explain({ page }: Tour, entry: string): Promise<void> {
  await page.goto('/o/acme/history')
  await seeHeading(page, 'Credit history')
  await photograph(page, 'history')
  await page.locator(`main a[href="/o/acme/history/${entry}"]`).click()
  const panel = page.getByRole('dialog')
  await expect(panel.getByText('It matches to the last digit.')).toBeVisible({ timeout: WAIT_MS })
  say(`Opened the debit beside the history: "${await panel.getByText(/^You were charged/).innerText()}"`)
  await photograph(page, 'entry-beside-history')
  await page.goto(`/o/acme/history/${entry}`)
  const lines = await page.getByRole('table', { name: 'Arithmetic of this entry' }).getByRole('row').allInnerTexts()
  say(
    `Its arithmetic: ${lines.slice(1).join('; ').replaceAll(/\s+/g, ' ')}. Recalculated, it matches to the last digit.`,
  )
  await photograph(page, 'entry')
}

/** The balance of an open overview changes by itself. */
async function sayChange(page: Page, before: string, where: string): Promise<void> {
  await expect.poll(() => shownBalance(page), { timeout: WAIT_MS }).not.toBe(before)
  say(`${where} went from ${before} to ${await shownBalance(page)} without being loaded again.`)
}

function shownBalance(page: Page): Promise<string> {
  return page
    .getByRole('main')
    .getByText(/^\$\d[\d,]*\.\d\d$/)
    .first()
    .innerText()
}

async function seeHeading(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible({ timeout: WAIT_MS })
}

/** Keeps a step in both themes, wide and narrow, and leaves the page light and wide. */
async function photograph(page: Page, step: string): Promise<void> {
  pictures += 1
  const number = String(pictures).padStart(2, '0')
  for (const viewport of [NARROW, WIDE]) {
    await page.setViewportSize({ ...viewport, height: await contentHeight(page, viewport) })
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      const file = `${number}-${step}-${colorScheme}-${viewport.width}.png`
      await page.screenshot({ path: path.join(SCREENSHOTS, file), animations: 'disabled' })
    }
  }
  await page.setViewportSize(WIDE)
}

/** High enough for all of a page, so that bars at its edges stay there. A panel is as high as the window, whatever that is. */
async function contentHeight(page: Page, viewport: typeof WIDE): Promise<number> {
  await page.setViewportSize(viewport)
  if ((await page.getByRole('dialog').count()) > 0) return viewport.height
  return page.evaluate(() => document.documentElement.scrollHeight)
}

async function openBrowser(): Promise<Browser> {
  const { path: executablePath, how } = findBrowser(
    thisMachine(process.env['CHROMIUM_PATH'], chromium.executablePath()),
  )
  say(`Chromium: ${executablePath} (${how})`)
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0, args: [...BROWSER_FLAGS] })
}

async function build(): Promise<void> {
  say('There is no build yet: building …')
  const child = spawn('npm', ['run', 'build'], { cwd: ROOT, stdio: ['ignore', 2, 2] })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error('The build failed.')
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}
