import type { Actor } from '@/lib/auth/rules/actor'

/** Who does what falls due. */
export type JobActor = Extract<Actor, { kind: 'job' }>

/** One kind of thing that falls due in an account by the mere passing of time. A room exports one of each kind that it has. */
export type DueSource = {
  readonly name: string
  /** The earliest instant at which there is something to do; it may be past. Null: nothing will fall due as things stand. */
  readonly nextDue: (accountId: string) => Promise<Date | null>
  /**
   * Does all of this kind that is due at or before `at`, which is the time of every decision in it. May be called twice, by two at once,
   * and again after it was cut off: what was done stays done once. Afterwards `nextDue` is later than `at`.
   */
  readonly work: (actor: JobActor, accountId: string, at: Date) => Promise<void>
  /**
   * Brings what goes on all the time up to `at`, due or not. Asked before anything else happens at an instant, so that nothing expires or
   * arrives before what was used until then is paid, and where a moved clock comes to stand.
   */
  readonly catchUp?: (actor: JobActor, accountId: string, at: Date) => Promise<void>
  /** Some accounts with something due: by their test clock where they have one, or else at or before `until`. At most `limit`. */
  readonly dueAccounts: (until: Date, limit: number) => Promise<readonly string[]>
}
