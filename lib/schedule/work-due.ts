import 'server-only'

import type { DueSource, JobActor } from './due-contract'
import { dueSources } from './sources'

/** How due work is done: by which sources, and what is told of each instant before it is worked. */
export type DueWork = {
  readonly sources?: readonly DueSource[]
  /** Moves the account's test clock, if it has one, so that whatever decides sees the instant. */
  readonly moveTo?: ((at: Date) => Promise<void>) | undefined
}

type Due = { readonly source: DueSource; readonly at: Date }

/** A source may have to work twice at an instant, because another one at the same instant made something due for it. */
const MOST_AT_ONE_INSTANT = 10
const MOST_STEPS = 200_000

/**
 * Does everything that falls due in an account until an instant, that one included: always the earliest next, each at its own instant,
 * several at one instant in the order of the sources. What goes on all the time is brought up to each instant before anything happens at
 * it, and to the end where a clock is moved there. Ends when nothing is due. Takes no locks itself: each source takes its own, so it
 * may be interrupted anywhere and started again. Throws what a source throws, and when a source does not move on.
 */
export async function workDue(
  actor: JobActor,
  accountId: string,
  until: Date,
  { sources = dueSources, moveTo }: DueWork = {},
): Promise<void> {
  let instant = Number.NaN
  let hasArrived = moveTo === undefined || sources.every((source) => source.catchUp === undefined)
  const times = new Map<string, number>()
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const due = await findEarliest(sources, accountId, until)
    if (due === null && hasArrived) return
    hasArrived ||= due === null
    if (due === null) {
      await catchUp(actor, accountId, until, { sources, moveTo })
      continue
    }
    const { at } = due
    if (at.getTime() !== instant) {
      times.clear()
      await catchUp(actor, accountId, new Date(at.getTime() - 1), { sources, moveTo })
    }
    instant = at.getTime()
    await moveTo?.(at)
    const count = (times.get(due.source.name) ?? 0) + 1
    if (count > MOST_AT_ONE_INSTANT) throw new Error(stuck(due, accountId))
    times.set(due.source.name, count)
    await due.source.work(actor, accountId, at)
  }
  throw new Error(`more than ${MOST_STEPS} things were due in account ${accountId} until ${until.toISOString()}`)
}

/** Has what goes on all the time brought up to an instant: credit that expires at the next one still pays for what came before it. */
async function catchUp(actor: JobActor, accountId: string, at: Date, { sources = [], moveTo }: DueWork): Promise<void> {
  const lasting = sources.filter((source) => source.catchUp !== undefined)
  if (lasting.length > 0) await moveTo?.(at)
  for (const source of lasting) await source.catchUp?.(actor, accountId, at)
}

async function findEarliest(sources: readonly DueSource[], accountId: string, until: Date): Promise<Due | null> {
  const instants = await Promise.all(sources.map((source) => source.nextDue(accountId)))
  let earliest: Due | null = null
  for (const [index, source] of sources.entries()) {
    const at = instants[index] ?? null
    if (at === null || at > until || (earliest !== null && at >= earliest.at)) continue
    earliest = { source, at }
  }
  return earliest
}

function stuck({ source, at }: Due, accountId: string): string {
  return `source ${source.name} does not move on from ${at.toISOString()} in account ${accountId}`
}
