import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'

import pg from 'pg'

/** The superuser of every local cluster: it listens on loopback only. */
export const CLUSTER_USER = 'purser'

/** Its password. */
export const CLUSTER_PASSWORD = 'purser'

const START_WITHIN_MS = 60_000

/** A PostgreSQL cluster on this machine, for as long as this process lives. */
export type LocalPostgres = {
  /** The connection string of one of its databases. */
  readonly urlOf: (database: string) => string
  /** Creates a database unless it exists; with a template, as its copy. */
  readonly ensureDatabase: (database: string, template?: string) => Promise<void>
  readonly dropDatabase: (database: string) => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Starts the PostgreSQL that ships inside the npm packages on a folder of data, on loopback and a free port. It runs in the care of
 * a process of its own, which ends it in good order when this process ends, however it ends. Throws when it does not start.
 */
export async function startPostgres(directory: string, settings: readonly string[] = []): Promise<LocalPostgres> {
  const keeper = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(import.meta.dirname, 'postgres-keeper.ts'), directory, ...settings],
    // A group of its own: Ctrl-C reaches the product first, and its database last.
    { detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  )
  const exited = once(keeper, 'exit')
  const { stdout, stderr } = keeper
  if (stdout === null || stderr === null) throw new Error('the keeper has no output to read')
  let complaint = ''
  stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4_000)))
  const ready = once(createInterface({ input: stdout }), 'line', {
    signal: AbortSignal.timeout(START_WITHIN_MS),
  })
  const failed = exited.then(() => {
    throw new Error(`PostgreSQL does not start in ${directory}:\n${complaint}`)
  })
  const [line] = (await Promise.race([ready, failed])) as [string]
  failed.catch(() => undefined)
  const stop = async (): Promise<void> => {
    if (keeper.connected) keeper.disconnect()
    await exited
  }
  return describe((JSON.parse(line) as { port: number }).port, stop)
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
  const urlOf = (database: string) => `postgresql://${CLUSTER_USER}:${CLUSTER_PASSWORD}@127.0.0.1:${port}/${database}`
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
