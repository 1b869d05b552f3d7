/** Vitest's global set-up of the database tests: one PostgreSQL cluster and a migrated template, a database per test file. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import type { TestProject } from 'vitest/node'

import { migrateAll } from '../launch/migrate'
import { startPostgres } from '../launch/postgres'

declare module 'vitest' {
  interface ProvidedContext {
    clusterUrl: string
  }
}

/** The database that every test database is copied from. */
export const TEMPLATE = 'purser_template'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'purser-tests-'))
  await chmod(folder, 0o755)
  const cluster = await startPostgres(path.join(folder, 'postgres'))
  await cluster.ensureDatabase(TEMPLATE)
  await migrateAll(cluster.urlOf(TEMPLATE))
  project.provide('clusterUrl', cluster.urlOf('postgres'))
  return async () => {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
