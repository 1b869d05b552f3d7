import { expect, test } from 'vitest'
import { findBrowser, type Machine } from './browser'

const OWN = '/cache/playwright/chrome'

/** A machine with some files, where a command that succeeds may bring another. */
function machine(
  files: readonly string[],
  brings: Readonly<Record<string, string>> = {},
  with_: Partial<Machine> = {},
) {
  const present = new Set(files)
  const ran: string[] = []
  const run = (command: string, args: readonly string[]) => {
    const line = [command, ...args].join(' ')
    ran.push(line)
    const brought = Object.entries(brings).find(([words]) => line.includes(words))?.[1]
    if (brought !== undefined) present.add(brought)
    return brought !== undefined
  }
  const exists = (path: string) => present.has(path)
  const base = { chosenPath: undefined, playwrightPath: OWN, isRoot: true, isDebian: true, exists, run }
  return { ran, machine: { ...base, ...with_ } satisfies Machine }
}

test('the browser that CHROMIUM_PATH names goes before every other', () => {
  const { machine: found } = machine(['/opt/mine', OWN, '/usr/bin/chromium'], {}, { chosenPath: '/opt/mine' })
  expect(findBrowser(found)).toEqual({ path: '/opt/mine', how: 'named by CHROMIUM_PATH' })
})

test('a CHROMIUM_PATH that names nothing is an error, not a reason to take another browser', () => {
  const { machine: found } = machine([OWN], {}, { chosenPath: '/opt/mine' })
  expect(() => findBrowser(found)).toThrow('CHROMIUM_PATH names /opt/mine')
})

test("Playwright's own browser goes before the system's, and Debian's before Google's", () => {
  expect(findBrowser(machine([OWN, '/usr/bin/chromium']).machine).path).toBe(OWN)
  expect(findBrowser(machine(['/usr/bin/google-chrome', '/usr/bin/chromium']).machine).path).toBe('/usr/bin/chromium')
  expect(findBrowser(machine(['/usr/bin/google-chrome']).machine).path).toBe('/usr/bin/google-chrome')
})

test('nothing is installed while a browser is there', () => {
  const { machine: found, ran } = machine(['/usr/bin/chromium'])
  findBrowser(found)
  expect(ran).toEqual([])
})

test("without a browser, Playwright's download is tried first and then Debian's package", () => {
  expect(findBrowser(machine([], { 'playwright install': OWN }).machine).how).toBe('installed by Playwright')
  const debian = machine([], { 'install -y': '/usr/bin/chromium' })
  expect(findBrowser(debian.machine)).toEqual({ path: '/usr/bin/chromium', how: 'installed by apt-get' })
  expect(debian.ran.map((line) => line.split(' ')[0])).toEqual(['npx', 'apt-get', 'env'])
})

test.each([{ isRoot: false }, { isDebian: false }])('packages are installed only by root on Debian: %o', (with_) => {
  const { machine: found, ran } = machine([], { 'install -y': '/usr/bin/chromium' }, with_)
  expect(() => findBrowser(found)).toThrow('No Chromium was found')
  expect(ran).toEqual(['npx playwright install chromium'])
})
