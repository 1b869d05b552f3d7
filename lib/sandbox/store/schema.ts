import type { Pool } from 'pg'

/** Everything the sandbox knows, in one PostgreSQL schema beside the product's own. */
const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS stripe_sandbox;

CREATE TABLE IF NOT EXISTS stripe_sandbox.object (
  id text PRIMARY KEY,
  kind text NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  created bigint NOT NULL,
  data jsonb NOT NULL,
  hidden jsonb NOT NULL
);
CREATE INDEX IF NOT EXISTS object_by_kind ON stripe_sandbox.object (kind, sequence DESC);
CREATE INDEX IF NOT EXISTS object_by_customer ON stripe_sandbox.object (kind, (data->>'customer'), sequence DESC);
CREATE INDEX IF NOT EXISTS object_by_payment_intent
  ON stripe_sandbox.object (kind, (data->>'payment_intent'), sequence DESC);

CREATE TABLE IF NOT EXISTS stripe_sandbox.idempotency (
  key text PRIMARY KEY,
  fingerprint text NOT NULL,
  status integer NOT NULL,
  body text NOT NULL,
  created timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS stripe_sandbox.delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id text NOT NULL,
  event_type text NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'lost', 'given_up')),
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL,
  last_status integer,
  last_error text,
  delivered_at timestamptz,
  created timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS delivery_due ON stripe_sandbox.delivery (due_at, id) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS delivery_by_event ON stripe_sandbox.delivery (event_id);

CREATE TABLE IF NOT EXISTS stripe_sandbox.setting (name text PRIMARY KEY, value jsonb NOT NULL);
`

/** Creates what is missing, and forgets what Stripe forgets too: events after 30 days, idempotency keys after 30 days. */
export async function prepareSchema(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    // Two processes that start at once would race on CREATE IF NOT EXISTS.
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended('stripe_sandbox', 0))")
    await client.query(SCHEMA)
    await client.query("DELETE FROM stripe_sandbox.idempotency WHERE created < now() - interval '30 days'")
    await client.query("DELETE FROM stripe_sandbox.delivery WHERE created < now() - interval '30 days'")
    await client.query(
      "DELETE FROM stripe_sandbox.object WHERE kind = 'event' AND created < extract(epoch FROM now()) - 30 * 86400",
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}
