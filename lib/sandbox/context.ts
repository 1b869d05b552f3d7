import type { PoolClient } from 'pg'
import type { WebhookSwitches } from './webhooks/switches'

/** What every operation on objects is given: its transaction, the time, and who asked. */
export type Context = {
  readonly tx: PoolClient
  /** Unix seconds. */
  readonly now: number
  readonly requestId: string | null
  readonly idempotencyKey: string | null
  readonly switches: WebhookSwitches
}

/** The API version whose shapes the sandbox speaks: the one that the pinned `stripe` SDK asks for. */
export const API_VERSION = '2026-10-28.endive'

/**
 * Stands for the sandbox's own address in stored objects. The real one is put in when an answer leaves,
 * because the port may be another after a restart.
 */
export const OWN_ADDRESS = 'http://stripe-sandbox.invalid'
