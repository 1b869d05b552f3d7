import 'server-only'

import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

import { withSchemaEngine } from './schema-engine'

const PRISMA_FOLDER = path.join(process.cwd(), 'prisma')
const NO_FILTERS = { externalTables: [], externalEnums: [] }

/** Applies the migrations that the database does not have yet, in order. Returns their names. Throws when one fails. */
export async function migrate(databaseUrl: string): Promise<readonly string[]> {
  const migrationsList = await migrationsOnDisk()
  return withSchemaEngine(databaseUrl, await schemaText(), async (engine) => {
    const applied = await engine.applyMigrations({ migrationsList, filters: NO_FILTERS })
    return applied.appliedMigrationNames
  })
}

/**
 * The SQL that turns one Prisma schema into another (null: from nothing), to be reviewed and completed by hand.
 * The database is only connected to, never changed.
 */
export async function migrationSql(databaseUrl: string, previousSchema: string | null): Promise<string> {
  const target = await schemaText()
  const container = (content: string) => ({ files: [{ path: 'schema.prisma', content }] })
  return withSchemaEngine(databaseUrl, target, async (engine) => {
    const result = await engine.diff({
      from: previousSchema === null ? { tag: 'empty' } : { tag: 'schemaDatamodel', ...container(previousSchema) },
      to: { tag: 'schemaDatamodel', ...container(target) },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    })
    return result.stdout ?? ''
  })
}

function schemaText(): Promise<string> {
  return readFile(path.join(PRISMA_FOLDER, 'schema.prisma'), 'utf8')
}

async function migrationsOnDisk() {
  const baseDir = path.join(PRISMA_FOLDER, 'migrations')
  const folders = (await readdir(baseDir, { withFileTypes: true })).filter((item) => item.isDirectory())
  const migrationDirectories = await Promise.all(
    folders
      .map((folder) => folder.name)
      .sort()
      .map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: await readFile(path.join(baseDir, name, 'migration.sql'), 'utf8') },
        },
      })),
  )
  const lockfile = {
    path: 'migration_lock.toml',
    content: await readFile(path.join(baseDir, 'migration_lock.toml'), 'utf8'),
  }
  return { baseDir, lockfile, shadowDbInitScript: '', migrationDirectories }
}
