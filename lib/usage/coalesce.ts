import 'server-only'

import { err, ok, type Result } from '@/lib/result'

/** The queue is full: nothing was recorded and trying again is safe. */
export type QueueFull = { readonly code: 'unavailable' }

/** How a coalescing queue works. */
export type CoalescerOptions<Item, Outcome> = {
  /** Decides a batch of one key in arrival order: one outcome an item, in the same order. It runs once at a time for a key. */
  readonly work: (key: string, items: readonly Item[]) => Promise<readonly Outcome[]>
  /** The most items in one batch. */
  readonly maxBatch: number
  /** The most items that may wait in all keys together; beyond it they are refused. */
  readonly maxWaiting: number
  /** The most keys worked on at the same time: fewer than the connections there are. */
  readonly maxActive: number
}

type Waiting<Item, Outcome> = {
  readonly item: Item
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

/**
 * Puts concurrent calls for one key into one batch. A call that finds its key idle starts at once, alone; those that arrive
 * meanwhile wait and are decided together, in arrival order (performance.md, 1). When a batch throws, each of its items is
 * tried alone, so one item's trouble never fails another's: each has an outcome, or a reason of its own.
 */
export function coalesce<Item, Outcome>(
  options: CoalescerOptions<Item, Outcome>,
): (key: string, items: readonly Item[]) => Promise<Result<readonly PromiseSettledResult<Outcome>[], QueueFull>> {
  const queues = new Map<string, Waiting<Item, Outcome>[]>()
  const ready: string[] = []
  let waitingCount = 0
  let activeCount = 0

  function startReady(): void {
    while (activeCount < options.maxActive) {
      const key = ready.shift()
      if (key === undefined) return
      activeCount += 1
      void drain(key)
    }
  }

  async function drain(key: string): Promise<void> {
    const batch = queues.get(key)?.splice(0, options.maxBatch) ?? []
    waitingCount -= batch.length
    await settle(key, batch, options.work)
    activeCount -= 1
    if (queues.get(key)?.length === 0) queues.delete(key)
    else ready.push(key)
    startReady()
  }

  return async (key, items) => {
    if (waitingCount + items.length > options.maxWaiting) return err({ code: 'unavailable' })
    waitingCount += items.length
    const known = queues.get(key)
    const queue = known ?? []
    if (known === undefined) {
      queues.set(key, queue)
      ready.push(key)
    }
    const outcomes = items.map(
      (item) => new Promise<Outcome>((resolve, reject) => void queue.push({ item, resolve, reject })),
    )
    startReady()
    return ok(await Promise.allSettled(outcomes))
  }
}

async function settle<Item, Outcome>(
  key: string,
  batch: readonly Waiting<Item, Outcome>[],
  work: CoalescerOptions<Item, Outcome>['work'],
): Promise<void> {
  try {
    const items = batch.map((waiting) => waiting.item)
    const outcomes = await work(key, items)
    batch.forEach((waiting, index) => {
      const outcome = outcomes[index]
      if (outcome === undefined) waiting.reject(new Error('a batch answered fewer outcomes than it was given items'))
      else waiting.resolve(outcome)
    })
  } catch (error) {
    const only = batch[0]
    if (batch.length === 1 && only !== undefined) return only.reject(error)
    for (const waiting of batch) await settle(key, [waiting], work)
  }
}
