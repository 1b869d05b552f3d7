import { describe, expect, it } from 'vitest'

import { coalesce } from './coalesce'

/** A worker whose batches wait until they are let go. */
function gate() {
  const batches: (readonly number[])[] = []
  const waiting: (() => void)[] = []
  return {
    batches,
    open: () => waiting.splice(0).forEach((release) => release()),
    work: async (items: readonly number[]): Promise<readonly (number | null)[]> => {
      batches.push(items)
      await new Promise<void>((resolve) => void waiting.push(resolve))
      if (items.includes(13)) throw new Error('unlucky')
      return items.map((item) => item * 2)
    },
  }
}

const LIMITS = { maxBatch: 10, maxKeys: 1, maxWaiting: 20, maxActive: 2 }
const values = (outcome: unknown) =>
  (outcome as { value: PromiseSettledResult<number>[] }).value.map((settled) =>
    settled.status === 'fulfilled' ? settled.value : String(settled.reason),
  )

/** The end of a turn of the event loop: what was asked for in it has been started. */
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve))

async function drain(opened: { open: () => void }, calls: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  let isDone = false
  const all = Promise.all(calls).finally(() => (isDone = true))
  while (!isDone) {
    opened.open()
    await turn()
  }
  return all
}

describe('coalescing', () => {
  it('starts the first call at once and decides those that come meanwhile together, in arrival order', async () => {
    const worker = gate()
    const enqueue = coalesce({ ...LIMITS, work: worker.work })
    const first = enqueue('a', [1])
    await turn()
    expect(worker.batches).toEqual([[1]])
    const calls = [first, enqueue('a', [2, 3]), enqueue('a', [4])]
    const outcomes = await drain(worker, calls)
    expect(worker.batches).toEqual([[1], [2, 3, 4]])
    expect(outcomes.map(values)).toEqual([[2], [4, 6], [8]])
  })

  it('decides what is asked for in one turn together, so that callers who ask anew when they are answered stay together', async () => {
    const worker = gate()
    const enqueue = coalesce({ ...LIMITS, work: worker.work })
    const askTwice = async (item: number) => [await enqueue('a', [item]), await enqueue('a', [item + 10])]
    await drain(worker, [askTwice(1), askTwice(2), askTwice(4)])
    expect(worker.batches).toEqual([
      [1, 2, 4],
      [11, 12, 14],
    ])
  })

  it('keeps the trouble of one item from its neighbours, of the same caller too', async () => {
    const worker = gate()
    const enqueue = coalesce({ ...LIMITS, work: worker.work })
    const calls = [enqueue('a', [1]), enqueue('a', [2, 13, 3]), enqueue('a', [4])]
    const outcomes = await drain(worker, calls)
    expect(outcomes.map(values)).toEqual([[2], [4, 'Error: unlucky', 6], [8]])
  })

  it('works on as many keys at once as it may, and never twice on one', async () => {
    const worker = gate()
    const enqueue = coalesce({ ...LIMITS, work: worker.work })
    const calls = ['a', 'b', 'c', 'a'].map((key, index) => enqueue(key, [index]))
    await turn()
    expect(worker.batches).toEqual([[0, 3], [1]])
    await drain(worker, calls)
    expect(worker.batches).toEqual([[0, 3], [1], [2]])
  })

  it('refuses what would wait beyond the bound, and takes calls again when there is room', async () => {
    const worker = gate()
    const enqueue = coalesce({ ...LIMITS, maxWaiting: 2, work: worker.work })
    const first = enqueue('a', [1])
    await turn()
    const second = enqueue('a', [2, 3])
    expect(await enqueue('a', [4])).toEqual({ ok: false, error: { code: 'unavailable' } })
    await drain(worker, [first, second])
    const again = enqueue('a', [4])
    await drain(worker, [again])
    expect(values(await again)).toEqual([8])
  })

  it('decides keys that wait together, and one that is left out or fails in a batch of its own', async () => {
    const seen: (readonly number[])[] = []
    const work = async (items: readonly number[]): Promise<readonly (number | null)[]> => {
      seen.push(items)
      await new Promise<void>((resolve) => void setImmediate(resolve))
      return items.map((item) => (item === 7 && items.length > 1 ? null : item * 2))
    }
    const enqueue = coalesce({ ...LIMITS, maxKeys: 3, maxActive: 1, work })
    const first = enqueue('first', [1])
    await turn()
    const calls = [first, enqueue('a', [2, 3]), enqueue('busy', [7]), enqueue('b', [4])]
    expect((await Promise.all(calls)).map(values)).toEqual([[2], [4, 6], [14], [8]])
    expect(seen).toEqual([[1], [2, 3, 7, 4], [7]])
  })

  it('keeps the trouble of one key from the others of its batch', async () => {
    const worker = gate()
    const enqueue = coalesce({ ...LIMITS, maxKeys: 3, maxActive: 1, work: worker.work })
    const first = enqueue('first', [1])
    await turn()
    const calls = [first, enqueue('a', [2]), enqueue('unlucky', [3, 13]), enqueue('b', [4])]
    const outcomes = await drain(worker, calls)
    expect(outcomes.map(values)).toEqual([[2], [4], [6, 'Error: unlucky'], [8]])
  })

  it('takes no more than a batch at a time', async () => {
    const worker = gate()
    const enqueue = coalesce({ ...LIMITS, maxBatch: 2, work: worker.work })
    await drain(worker, [enqueue('a', [1]), enqueue('a', [2, 3, 4, 5, 6])])
    expect(worker.batches).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
  })
})
