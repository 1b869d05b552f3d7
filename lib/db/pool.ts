import 'server-only'

import { createHash } from 'node:crypto'

import pg from 'pg'

import { env } from '@/lib/env'

/**
 * A client inside a transaction. Only `inTransaction` hands one out; whoever takes one writes or locks. Statements that are asked for
 * together are sent together and run one after another, in the order in which they were asked for.
 */
export type Tx = { readonly query: (sql: string, parameters?: readonly unknown[]) => Promise<Row[]> }

/** A row as PostgreSQL answered it: bigint for int8, strings for numeric, Date for instants. Mapped to domain types in this folder. */
export type Row = Record<string, unknown>

const APPLICATION_ROLE = 'purser_app'
/** A process that stops in mid-transaction (frozen, or cut off) holds its locks no longer than this: then the server ends its session. */
const LONGEST_PAUSE = '30s'
const KEEP_ALIVE_AFTER_MS = 10_000
const INT8 = 20
const DATE = 1082

/**
 * Every transaction plans its statements by their keys and once. PostgreSQL would otherwise plan them anew for each short batch, which costs
 * more than running them, and keep a plan that reads the whole of a table because there was little in it when the plan was made.
 */
const BEGIN = `BEGIN; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off;
  SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off`

/** The pool outlives module reloads in development: one per process, not one per compilation. */
const holder = globalThis as typeof globalThis & { purserPool?: pg.Pool }

/** This process's connections to PostgreSQL, as the role that can append to the journal and never change it. */
export function pool(): pg.Pool {
  holder.purserPool ??= openPool(env().DATABASE_URL, env().DATABASE_POOL_SIZE)
  return holder.purserPool
}

/** Runs one statement outside any transaction. */
export async function query(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  const result = await pool().query({ text: sql, values: [...parameters], types })
  return result.rows as Row[]
}

/**
 * Runs some work in one transaction (READ COMMITTED) and commits it, or rolls it back when the work throws.
 * Never call the network from inside. A deadlock between accounts is tried again, at most three times.
 */
export async function inTransaction<Value>(work: (tx: Tx) => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runTransaction(work)
    } catch (error) {
      if (attempt === 3 || !isDeadlock(error)) throw error
    }
  }
}

/** Closes every connection. The process's last act, or a test's. */
export async function closePool(): Promise<void> {
  const open = holder.purserPool
  delete holder.purserPool
  await open?.end()
}

async function runTransaction<Value>(work: (tx: Tx) => Promise<Value>): Promise<Value> {
  const client = await pool().connect()
  let broken: Error | undefined
  let isOpen = true
  /** Statements that were sent together with the one that failed fail too, and may be heard of before it. */
  const failures: unknown[] = []
  try {
    await client.query(BEGIN)
    const value = await work({
      query: async (sql, parameters = []) => {
        if (!isOpen) throw new Error('the transaction of this statement has ended')
        holdBack(client)
        const asked = client.query({ name: statementName(sql), text: sql, values: [...parameters], types })
        const result = await asked.catch((error: unknown) => {
          failures.push(error)
          throw error
        })
        return result.rows as Row[]
      },
    })
    isOpen = false
    await client.query('COMMIT')
    return value
  } catch (error) {
    isOpen = false
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure
    })
    throw isAborted(error) ? (failures[0] ?? error) : error
  } finally {
    client.release(broken)
  }
}

/** Keeps what is written until the end of the turn, so that statements that are asked for together leave in one packet. */
function holdBack({ connection: { stream } }: pg.PoolClient): void {
  stream.cork()
  process.nextTick(() => stream.uncork())
}

const names = new Map<string, string>()

/**
 * Statements inside transactions are fixed texts: prepared once per connection under a name, planned once. The name comes from the
 * text, because this module may be loaded twice in a process (by the slim front and by Next) over the one pool.
 */
function statementName(sql: string): string {
  const known = names.get(sql)
  if (known !== undefined) return known
  const name = `purser_${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`
  names.set(sql, name)
  return name
}

function openPool(connectionString: string, max: number): pg.Pool {
  const opened = new pg.Pool({
    connectionString,
    max,
    options: `-c role=${APPLICATION_ROLE} -c timezone=UTC -c idle_in_transaction_session_timeout=${LONGEST_PAUSE}`,
    // A statement is sent without waiting for the answer to the one before: a batch of them costs one trip to the server.
    pipeline: true,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    application_name: 'purser',
    connectionTimeoutMillis: 10_000,
  })
  // A connection that the server closed fails its statement, or is replaced by the next one asked for. Without listeners, on the pool
  // for idle ones and on each client for those at work, its loss would end the process.
  opened.on('error', () => undefined)
  opened.on('connect', (client) => client.on('error', () => undefined))
  return opened
}

/** int8 as bigint (never a float), calendar days as their text; everything else as pg reads it. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return (text: string) => BigInt(text)
    if (oid === DATE) return (text: string) => text
    return pg.types.getTypeParser(oid, format as 'text')
  }) as pg.CustomTypesConfig['getTypeParser'],
}

/** Whether a statement failed only because one before it had. */
function isAborted(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '25P02'
}

function isDeadlock(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '40P01'
}
