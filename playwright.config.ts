import { chromium, defineConfig } from '@playwright/test'
import { BROWSER_FLAGS, findBrowser, thisMachine } from './lib/testing/browser'

const machine = thisMachine(process.env.CHROMIUM_PATH, chromium.executablePath())
const browser = findBrowser(machine)
// Workers read this file again; they take what was found, so that the search is made and told once.
if (process.env.TEST_WORKER_INDEX === undefined && process.env.CHROMIUM_PATH === undefined)
  console.error(`Chromium: ${browser.path} (${browser.how})`)
process.env.CHROMIUM_PATH = browser.path

const config = defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/fixtures/global-setup.ts',
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'line',
  use: {
    // The global set-up leaves the address of the running product here; workers read this file after it.
    ...(process.env.PURSER_URL === undefined ? {} : { baseURL: process.env.PURSER_URL }),
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: browser.path,
      chromiumSandbox: !machine.isRoot,
      args: [...BROWSER_FLAGS],
    },
  },
})

export default config
