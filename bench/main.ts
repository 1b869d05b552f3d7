/** `npm run bench [-- --json FILE]`: what the ledger and the API do in a second, measured against PostgreSQL itself (docs/performance.md). */
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import pg from 'pg'

import { migrateAll } from '../lib/launch/migrate'
import { startPostgres } from '../lib/launch/postgres'
import { endWith } from '../lib/launch/process'

import { compareAges } from './ages'
import { startBenchChild, type BenchChild } from './child'
import type { World } from './commands'
import { measureHalfLoad } from './half-load'
import { missedOf, tableOf, valuesOf, type Figure } from './figures'
import { describeMachine, postmasterOf } from './machine'
import { preparePgbench } from './pgbench'
import { runRounds, type RoundsResult } from './rounds'
import { ensureBuild, startFront, startNext } from './site'

const FEWEST_ROUNDS = 5
const SECONDS = 3

const print = (line: string): void => void process.stdout.write(`${line}\n`)
const running: { stop: () => Promise<void> }[] = []

const { values: flags } = parseArgs({
  options: {
    json: { type: 'string' },
    rounds: { type: 'string', default: String(FEWEST_ROUNDS) },
    seconds: { type: 'string', default: String(SECONDS) },
    /** Some figures only, by name and comma, while working on one of them. `ages`: history and costs; `authorize`: its latency. */
    only: { type: 'string' },
  },
})

endWith(stopEverything)
try {
  await benchmark()
} catch (error) {
  process.exitCode = 1
  console.error(error)
} finally {
  await stopEverything()
}
// The engine that migrated leaves a timer behind.
process.exit()

async function benchmark(): Promise<void> {
  await ensureBuild(print)
  const { url, adminOf, folder, postmaster, durable } = await openDatabases()
  const yardstickUrl = url('yardstick')
  const pgbench = await preparePgbench(folder, yardstickUrl, (sql) => adminOf('yardstick', sql))
  const machine = { ...(await describeMachine(folder)), postgres: durable, yardstick: pgbench.version }
  for (const [name, text] of Object.entries(machine)) print(`${name.padEnd(10)} ${text}`)
  print('')

  const environment = environmentOf(url('purser'))
  const subject = keep(startBenchChild('subject.ts', environment))
  const world = await subject.ask<World>({ kind: 'prepare' })
  const front = keep(await startFront(environment))
  const next = keep(await startNext(environment))
  const loader = keep(startBenchChild('loader.ts', environment))
  const bench = { pgbench, postmaster, subject, loader, front, next, world }
  const only = flags.only?.split(',') ?? null
  const rounds = Number(flags.rounds)
  const ms = Number(flags.seconds) * 1000
  const result = await runRounds(bench, { only, rounds, ms, print })
  const isAsked = (name: string) => only === null || only.includes(name)
  const latencies = isAsked('authorize') ? await measureHalfLoad(bench, { rounds, ms }) : []
  await subject.ask({ kind: 'prove', acknowledged: result.acknowledged })
  const { hot, many } = result.acknowledged
  print(
    `The books hold: ${(hot + many).toLocaleString('en')} events acknowledged, as many recorded, every sum and chain right.\n`,
  )
  for (const site of [front, next, loader]) await site.stop()

  const ages = isAsked('ages') ? await measureAges(subject, (sql) => adminOf('purser', sql)) : []
  await report(machine, result, [...result.figures, ...ages, ...latencies])
}

async function measureAges(subject: BenchChild, admin: (sql: string) => Promise<unknown>): Promise<readonly Figure[]> {
  print('Writing an account of 1,000,000 entries …')
  await subject.ask({ kind: 'grow-old' })
  await admin('VACUUM (ANALYZE)')
  await admin('CHECKPOINT')
  return compareAges(subject, Number(flags.rounds))
}

async function report(
  machine: Readonly<Record<string, string>>,
  { yardsticks, details }: RoundsResult,
  figures: readonly Figure[],
): Promise<void> {
  const { hotRow, simpleUpdate } = yardsticks
  print(`Yardstick: pgbench, one hot row, 16 clients: ${Math.round(hotRow).toLocaleString('en')} /s`)
  print(`pgbench simple-update, 16 clients: ${Math.round(simpleUpdate).toLocaleString('en')} /s\n`)
  print(tableOf(figures))
  print('\nLatency in ms, and CPU per event in µs:')
  for (const [name, { p50Ms, p99Ms, cpu }] of Object.entries(details)) {
    const used = cpu === null ? 'not known here' : `node ${cpu.node.toFixed(0)}, postgres ${cpu.postgres.toFixed(0)}`
    print(`  ${name.padEnd(22)} p50 ${p50Ms.toFixed(1)}  p99 ${p99Ms.toFixed(1)}  CPU ${used}`)
  }
  const missed = missedOf(figures)
  print(missed.length === 0 ? '\nEvery target is met.' : `\nNot met: ${missed.join(', ')}.`)
  if (flags.json === undefined) return
  const everything = { ...valuesOf(figures), yardsticks, details, machine, missed }
  await writeFile(flags.json, `${JSON.stringify(everything, null, 2)}\n`)
}

/** A cluster of its own with two databases: the product's and the yardstick's. It has to be durable, or the figures are worth nothing. */
async function openDatabases() {
  const folder = await mkdtemp(path.join(tmpdir(), 'purser-bench-'))
  await chmod(folder, 0o755)
  running.push({ stop: () => rm(folder, { recursive: true, force: true }) })
  const cluster = keep(await startPostgres(path.join(folder, 'postgres')))
  await cluster.ensureDatabase('purser')
  await cluster.ensureDatabase('yardstick')
  await migrateAll(cluster.urlOf('purser'))
  const adminOf = async (database: string, sql: string): Promise<readonly Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: cluster.urlOf(database) })
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows
    } finally {
      await client.end()
    }
  }
  const [settings] = await adminOf(
    'purser',
    `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
      current_setting('synchronous_commit') AS commit, current_setting('full_page_writes') AS pages`,
  )
  const { version, fsync, commit, pages } = settings as Record<'version' | 'fsync' | 'commit' | 'pages', string>
  if (fsync !== 'on' || commit !== 'on' || pages !== 'on') throw new Error('The server would forget what it confirmed.')
  const durable = `PostgreSQL ${version}, as it comes: fsync ${fsync}, synchronous_commit ${commit}`
  return { url: cluster.urlOf, adminOf, folder, postmaster: await postmasterOf(path.join(folder, 'postgres')), durable }
}

function environmentOf(databaseUrl: string): Readonly<Record<string, string>> {
  return {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    DATABASE_URL: databaseUrl,
    APP_URL: 'http://localhost:3000',
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    // Nothing here pays: the address leads nowhere, and keeps the web process on loopback.
    STRIPE_SECRET_KEY: 'sk_test_purser_bench',
    STRIPE_WEBHOOK_SECRET: 'whsec_bench',
    STRIPE_API_BASE: 'http://127.0.0.1:9',
    LOG_LEVEL: 'error',
  }
}

function keep<Part extends { stop: () => Promise<void> }>(part: Part): Part {
  running.push(part)
  return part
}

async function stopEverything(): Promise<void> {
  for (const part of running.splice(0).reverse()) await part.stop().catch(() => undefined)
}
