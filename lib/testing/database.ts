import { randomBytes } from 'node:crypto'

import pg from 'pg'
import { inject } from 'vitest'

import { TEMPLATE } from './cluster'

/** A database of a test file's own, with every migration applied. */
export type TestDatabase = { readonly url: string; readonly drop: () => Promise<void> }

/** Copies the migrated template. Drop it when the file is done. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const clusterUrl = inject('clusterUrl')
  const name = `test_${randomBytes(8).toString('hex')}`
  await run(clusterUrl, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`)
  const url = new URL(clusterUrl)
  url.pathname = `/${name}`
  return { url: url.toString(), drop: () => run(clusterUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
