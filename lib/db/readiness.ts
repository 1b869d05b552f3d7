import 'server-only'

import { readdir } from 'node:fs/promises'
import path from 'node:path'

import { query } from './pool'

const MIGRATIONS = path.join(process.cwd(), 'prisma', 'migrations')
const APPLIED = 'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL'

/** The migrations of this version of Purser that the database does not have yet. Throws when it cannot be reached. */
export async function missingMigrations(): Promise<readonly string[]> {
  const folders = (await readdir(MIGRATIONS, { withFileTypes: true })).filter((item) => item.isDirectory())
  const applied = new Set((await query(APPLIED)).map((row) => row['migration_name']))
  return folders.map(({ name }) => name).filter((name) => !applied.has(name))
}
