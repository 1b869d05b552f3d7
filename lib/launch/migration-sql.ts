/** Prints the SQL of a new migration: `npm run db:diff -- [REVISION]` compares prisma/schema.prisma with that git revision (default HEAD). */
import { execFileSync } from 'node:child_process'
import path from 'node:path'

import { migrationSql } from '../db/migrate'
import { startPostgres } from './postgres'

const revision = process.argv[2] ?? 'HEAD'
const cluster = await startPostgres(path.join(process.cwd(), '.data', 'postgres'))
try {
  await cluster.ensureDatabase('purser')
  process.stdout.write(await migrationSql(cluster.urlOf('purser'), schemaAt(revision)))
} finally {
  await cluster.stop()
}

function schemaAt(gitRevision: string): string | null {
  try {
    return execFileSync('git', ['show', `${gitRevision}:prisma/schema.prisma`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return null
  }
}
