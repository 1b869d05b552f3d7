import 'server-only'

import { err, ok, type Result } from '@/lib/result'

/** The queue is full: nothing was recorded and trying again is safe. */
export type QueueFull = { readonly code: 'unavailable' }

/** How a coalescing queue works. */
export type CoalescerOptions<Item, Outcome> = {
  /**
   * Decides a batch, each key's items in arrival order: one outcome an item, in the order given; null for an item whose key is to be
   * decided in a batch of its own. A key is never in two batches at the same time.
   */
  readonly work: (items: readonly Item[]) => Promise<readonly (Outcome | null)[]>
  /** The most items in one batch. */
  readonly maxBatch: number
  /** The most keys in one batch. */
  readonly maxKeys: number
  /** The most items that may wait in all keys together; beyond it they are refused. */
  readonly maxWaiting: number
  /** The most batches worked on at the same time: fewer than the connections there are. */
  readonly maxActive: number
}

type Waiting<Item, Outcome> = {
  readonly key: string
  readonly item: Item
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

/**
 * Puts concurrent calls into batches. Calls that arrive in the same turn of the event loop start together at its end when a lane is free;
 * those that arrive later wait and are decided together, those of one key in arrival order (performance.md, 1). Callers that ask anew as
 * soon as they are answered come in one turn: the first of them starting alone would leave all others to the batch after. A key that is left out of a batch of several, and each key of such a
 * batch that throws, is decided in a batch of its own; when that throws too, each of its items is tried alone. So one item's trouble never
 * fails another's: each has an outcome, or a reason of its own.
 */
export function coalesce<Item, Outcome>(
  options: CoalescerOptions<Item, Outcome>,
): (key: string, items: readonly Item[]) => Promise<Result<readonly PromiseSettledResult<Outcome>[], QueueFull>> {
  const queues = new Map<string, Waiting<Item, Outcome>[]>()
  const ready: string[] = []
  const alone: string[] = []
  let waitingCount = 0
  let activeCount = 0
  const startSoon = atEndOfTurn(startReady)

  function startReady(): void {
    while (activeCount < options.maxActive && ready.length + alone.length > 0) {
      activeCount += 1
      void drain(nextKeys())
    }
  }

  function nextKeys(): readonly string[] {
    const first = alone.shift()
    if (first !== undefined) return [first]
    const keys: string[] = []
    for (let size = 0; size < options.maxBatch && keys.length < options.maxKeys;) {
      const key = ready.shift()
      if (key === undefined) break
      keys.push(key)
      size += queues.get(key)?.length ?? 0
    }
    return keys
  }

  async function drain(keys: readonly string[]): Promise<void> {
    const batch: Waiting<Item, Outcome>[] = []
    for (const key of keys) batch.push(...(queues.get(key)?.splice(0, options.maxBatch - batch.length) ?? []))
    waitingCount -= batch.length
    const left = keys.length > 1 ? await settleMany(batch, options.work) : await settleOne(batch, options.work)
    waitingCount += left.length
    activeCount -= 1
    const leftKeys = new Set(left.map(({ key }) => key))
    for (const key of keys) {
      const queue = queues.get(key)
      queue?.unshift(...left.filter((waiting) => waiting.key === key))
      if (queue === undefined || queue.length === 0) queues.delete(key)
      else if (leftKeys.has(key)) alone.push(key)
      else ready.push(key)
    }
    startSoon()
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
      (item) => new Promise<Outcome>((resolve, reject) => void queue.push({ key, item, resolve, reject })),
    )
    startSoon()
    return ok(await Promise.allSettled(outcomes))
  }
}

/** Does some work once at the end of the current turn of the event loop, however often it is asked for. */
function atEndOfTurn(work: () => void): () => void {
  let isDue = false
  return () => {
    if (isDue) return
    isDue = true
    setImmediate(() => {
      isDue = false
      work()
    })
  }
}

type Work<Item, Outcome> = CoalescerOptions<Item, Outcome>['work']

/** Decides a batch of several keys. Answers those that wait for a batch of their own. */
async function settleMany<Item, Outcome>(
  batch: readonly Waiting<Item, Outcome>[],
  work: Work<Item, Outcome>,
): Promise<readonly Waiting<Item, Outcome>[]> {
  try {
    const outcomes = await work(batch.map(({ item }) => item))
    const left: Waiting<Item, Outcome>[] = []
    batch.forEach((waiting, index) => {
      const outcome = outcomes[index]
      if (outcome === null) left.push(waiting)
      else resolve(waiting, outcome)
    })
    return left
  } catch {
    return batch
  }
}

/** Decides a batch of one key, and each of its items alone when that throws. Nothing is left. */
async function settleOne<Item, Outcome>(
  batch: readonly Waiting<Item, Outcome>[],
  work: Work<Item, Outcome>,
): Promise<readonly Waiting<Item, Outcome>[]> {
  try {
    const outcomes = await work(batch.map(({ item }) => item))
    batch.forEach((waiting, index) => resolve(waiting, outcomes[index] ?? undefined))
  } catch (error) {
    const only = batch[0]
    if (batch.length === 1 && only !== undefined) only.reject(error)
    else for (const waiting of batch) await settleOne([waiting], work)
  }
  return []
}

function resolve<Item, Outcome>(waiting: Waiting<Item, Outcome>, outcome: Outcome | undefined): void {
  if (outcome === undefined) waiting.reject(new Error('a batch answered fewer outcomes than it was given items'))
  else waiting.resolve(outcome)
}
