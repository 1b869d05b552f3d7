import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'

/** Something that falls due in the course of time, one account at a time (docs/decisions/0011). */
export type DueSource = {
  readonly name: string
  /** The earliest instant with something to do, which may have passed; null: nothing is due. */
  readonly nextDue: (accountId: string) => Promise<Date | null>
  /** Does all that is due at or before the instant of the decision, by the account's clock. Doing it again does nothing. */
  readonly work: (actor: Extract<Actor, { kind: 'job' }>, accountId: string, at: Date) => Promise<void>
  /** Accounts with something due by an instant; with a test clock only what is due by that clock. */
  readonly dueAccounts: (until: Date, limit: number) => Promise<readonly string[]>
}
