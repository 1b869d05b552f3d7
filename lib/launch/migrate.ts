import { runMigrations } from 'graphile-worker'

import { migrate } from '../db/migrate'

/**
 * Brings a database up to date: Purser's own migrations and the job queue's. Returns the names of those applied.
 * Prisma's engine leaves its 10 s lock timer running, so a script that only migrates ends itself with `process.exit`.
 */
export async function migrateAll(databaseUrl: string): Promise<readonly string[]> {
  const applied = await migrate(databaseUrl)
  await runMigrations({ connectionString: databaseUrl })
  return applied
}
