import type { Pool, PoolClient } from 'pg'
import type { Context } from './context'
import type { FaultBoard } from './control/faults'
import type { SandboxSettings } from './settings'
import type { Deliveries } from './webhooks/deliveries'
import type { SwitchBoard } from './webhooks/switches'

/** The parts of a running sandbox that answering a request needs. */
export type Sandbox = {
  readonly settings: SandboxSettings
  readonly pool: Pool
  readonly board: SwitchBoard
  readonly faults: FaultBoard
  readonly deliveries: Deliveries
  readonly context: (tx: PoolClient, asked?: { requestId: string; idempotencyKey: string | null }) => Context
}
