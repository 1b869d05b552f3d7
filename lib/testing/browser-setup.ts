import { chromium } from '@playwright/test'
import { findBrowser, thisMachine } from './browser'

/** Playwright's first set-up: finds or installs a browser, says which, and names it for the workers. */
export default function setup(): void {
  const browser = findBrowser(thisMachine(process.env.CHROMIUM_PATH, chromium.executablePath()))
  process.env.CHROMIUM_PATH = browser.path
  console.log(`Chromium: ${browser.path} (${browser.how})`)
}
