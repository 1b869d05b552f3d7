import type { Pool } from 'pg'
import { z } from 'zod'

/** Where webhooks go and how they are made to misbehave. Survives a restart. */
export const switchesSchema = z.object({
  /** Where events are posted; null keeps them waiting. */
  url: z.url({ protocol: /^https?$/ }).nullable(),
  /** Each delivery waits this long first. */
  delayMs: z.number().int().min(0).max(86_400_000),
  /** Each event is delivered this many times more than once. */
  duplicates: z.number().int().min(0).max(20),
  /** Deliveries that are due together go out newest first. */
  reorder: z.boolean(),
  /** The next this many deliveries vanish, or all of them. */
  lose: z.union([z.literal('all'), z.number().int().min(0).max(10_000)]),
  /** Nothing goes out until resumed or flushed. */
  paused: z.boolean(),
})

/** The state of all webhook switches. */
export type WebhookSwitches = z.output<typeof switchesSchema>

/** New positions of some switches. */
export type SwitchChange = { readonly [Name in keyof WebhookSwitches]?: WebhookSwitches[Name] | undefined }

const WELL_BEHAVED: WebhookSwitches = {
  url: null,
  delayMs: 0,
  duplicates: 0,
  reorder: false,
  lose: 0,
  paused: false,
}

/** The switches, kept in memory and written through to the database. */
export type SwitchBoard = {
  readonly current: () => WebhookSwitches
  readonly set: (change: SwitchChange) => Promise<WebhookSwitches>
  readonly reset: () => Promise<WebhookSwitches>
}

/** Reads the switches as they were left; a URL from the environment wins over a stored one. */
export async function openSwitchBoard(pool: Pool, urlFromSettings: string | null): Promise<SwitchBoard> {
  const { rows } = await pool.query<{ value: unknown }>(
    "SELECT value FROM stripe_sandbox.setting WHERE name = 'webhook_switches'",
  )
  const stored = switchesSchema.safeParse(rows[0]?.value)
  let current = stored.success ? stored.data : WELL_BEHAVED

  const set = async (change: SwitchChange) => {
    const given = Object.entries(change).filter(([, value]) => value !== undefined)
    current = { ...current, ...Object.fromEntries(given) }
    await pool.query(
      `INSERT INTO stripe_sandbox.setting (name, value) VALUES ('webhook_switches', $1)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      [JSON.stringify(current)],
    )
    return current
  }
  if (urlFromSettings !== null) await set({ url: urlFromSettings })
  return { current: () => current, set, reset: () => set({ ...WELL_BEHAVED, url: current.url }) }
}
