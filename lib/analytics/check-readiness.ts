import 'server-only'

import { missingMigrations } from '@/lib/db/readiness'
import { err, ok, type Result } from '@/lib/result'

/** Why this process should not be sent requests. */
export type NotReady = { readonly reason: 'database_unreachable' | 'migrations_missing' }

const PATIENCE_MS = 2_000

/** Whether this process can serve: the database answers within two seconds and has every migration. */
export async function checkReadiness(): Promise<Result<null, NotReady>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS)
  })
  try {
    const missing = await Promise.race([missingMigrations(), late])
    if (missing === null) return err({ reason: 'database_unreachable' })
    return missing.length === 0 ? ok(null) : err({ reason: 'migrations_missing' })
  } catch {
    return err({ reason: 'database_unreachable' })
  } finally {
    clearTimeout(timer)
  }
}
