import type { Pool, PoolClient } from 'pg'

/** Runs work in one transaction: committed when it returns, rolled back when it throws. */
export async function inTransaction<Outcome>(pool: Pool, work: (tx: PoolClient) => Promise<Outcome>): Promise<Outcome> {
  const client = await pool.connect()
  let broken = false
  try {
    await client.query('BEGIN')
    const outcome = await work(client)
    await client.query('COMMIT')
    return outcome
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true
    })
    throw error
  } finally {
    client.release(broken)
  }
}
