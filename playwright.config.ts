import { defineConfig } from '@playwright/test'
import { BROWSER_FLAGS } from './lib/testing/browser'

// The first set-up finds or installs a browser, the second starts the product. Both leave what they found in the
// environment; the workers, which run the journeys, read this file after them.
const { CHROMIUM_PATH, PURSER_URL } = process.env

const config = defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: ['./lib/testing/browser-setup.ts', './e2e/fixtures/global-setup.ts'],
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'line',
  use: {
    ...(PURSER_URL === undefined ? {} : { baseURL: PURSER_URL }),
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(CHROMIUM_PATH === undefined ? {} : { executablePath: CHROMIUM_PATH }),
      chromiumSandbox: process.getuid?.() !== 0,
      args: [...BROWSER_FLAGS],
    },
  },
})

export default config
