import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Where Chromium was found, and how. */
export type FoundBrowser = { readonly path: string; readonly how: string }

/** What the search for a browser asks of the machine. */
export type Machine = {
  /** The value of CHROMIUM_PATH, if it is set. */
  readonly chosenPath: string | undefined
  /** Where Playwright would have put a Chromium of its own. */
  readonly playwrightPath: string
  readonly isRoot: boolean
  readonly isDebian: boolean
  readonly exists: (path: string) => boolean
  /** Runs a command to its end; true when it succeeded. */
  readonly run: (command: string, args: readonly string[]) => boolean
}

const SYSTEM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const LONGEST_INSTALL_MS = 5 * 60_000

/**
 * Finds a Chromium, or installs one: CHROMIUM_PATH, Playwright's own, the system's, `playwright install`, and last
 * `apt-get install` as root on Debian. Throws with what to do when there is none to be had.
 */
export function findBrowser(machine: Machine): FoundBrowser {
  if (machine.chosenPath !== undefined) {
    if (machine.exists(machine.chosenPath)) return { path: machine.chosenPath, how: 'named by CHROMIUM_PATH' }
    throw new Error(`CHROMIUM_PATH names ${machine.chosenPath}, and there is no such file.`)
  }
  return findInstalled(machine) ?? install(machine)
}

/** The machine that this process runs on. */
export function thisMachine(chosenPath: string | undefined, playwrightPath: string): Machine {
  return {
    chosenPath,
    playwrightPath,
    isRoot: process.getuid?.() === 0,
    isDebian: existsSync('/etc/debian_version'),
    exists: existsSync,
    run: (command, args) =>
      spawnSync(command, args, { stdio: ['ignore', 2, 2], timeout: LONGEST_INSTALL_MS, killSignal: 'SIGKILL' })
        .status === 0,
  }
}

/** Flags that keep Chromium from talking to anybody but the pages under test: no name resolves except this machine's. */
export const BROWSER_FLAGS: readonly string[] = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
]

function findInstalled({ playwrightPath, exists }: Machine): FoundBrowser | null {
  if (exists(playwrightPath)) return { path: playwrightPath, how: "Playwright's own" }
  const path = SYSTEM_PATHS.find(exists)
  return path === undefined ? null : { path, how: "the system's" }
}

function install(machine: Machine): FoundBrowser {
  machine.run('npx', ['playwright', 'install', 'chromium'])
  const downloaded = findInstalled(machine)
  if (downloaded !== null) return { ...downloaded, how: 'installed by Playwright' }

  if (machine.isRoot && machine.isDebian) {
    machine.run('apt-get', ['update', '-qq'])
    machine.run('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '-y', '-qq', 'chromium'])
    const packaged = findInstalled(machine)
    if (packaged !== null) return { ...packaged, how: 'installed by apt-get' }
  }
  throw new Error('No Chromium was found or could be installed. Install it, and name it in CHROMIUM_PATH.')
}
