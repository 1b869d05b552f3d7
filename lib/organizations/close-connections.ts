import 'server-only'

import { closePool } from '@/lib/db/pool'

import { stopApiKeyListening } from './authenticate-api-key'

/** Closes what this process holds open to PostgreSQL: its last act. */
export async function closeConnections(): Promise<void> {
  await stopApiKeyListening()
  await closePool()
}
