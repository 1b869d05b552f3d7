import pg from 'pg'

/**
 * Ends the server's session of every transaction of this process that waits for a lock, as if the process had died in its middle; waits
 * until there is one. `url` is the test database's.
 */
export async function killWaiting(url: string): Promise<void> {
  const killer = new pg.Client({ connectionString: url })
  await killer.connect()
  const waiting = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'purser' AND wait_event_type = 'Lock'`
  try {
    while ((await killer.query(waiting)).rowCount === 0) await new Promise(setImmediate)
  } finally {
    await killer.end()
  }
}
