import pg from 'pg'

/**
 * Runs some work while every insert into a table that meets a condition (over `NEW`) kills the connection that makes it, as a crash in the
 * middle of a transaction does.
 */
export async function whileInsertsCrash(
  databaseUrl: string,
  table: string,
  condition: string,
  work: () => Promise<void>,
): Promise<void> {
  const owner = new pg.Client({ connectionString: databaseUrl })
  await owner.connect()
  try {
    await owner.query(`CREATE OR REPLACE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
      $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`)
    await owner.query(
      `CREATE TRIGGER crash AFTER INSERT ON ${table} FOR EACH ROW WHEN (${condition}) EXECUTE FUNCTION crash()`,
    )
    await work()
  } finally {
    await owner.query(`DROP TRIGGER IF EXISTS crash ON ${table}`)
    await owner.end()
  }
}
