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

async function drain(opened: { open: () => void }, calls: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  let isDone = false
  const all = Promise.all(calls).finally(() => (isDone = true))
  while (!isDone) {
    opened.open()
    await new Promise((resolve) => void setImmediate(resolve))
  }
  return all
}

describe('coalescing', () => {
  it('starts the first call at once and decides those that come meanwhile together, in arrival order', async () => {
    const worker = gate()
    const enqueue = coalesce({ ...LIMITS, work: worker.work })
    const calls = [enqueue('a', [1]), enqueue('a', [2, 3]), enqueue('a', [4])]
    const outcomes = await drain(worker, calls)
    expect(worker.batches).toEqual([[1], [2, 3, 4]])
    expect(outcomes.map(values)).toEqual([[2], [4, 6], [8]])
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
    await Promise.resolve()
    expect(worker.batches).toEqual([[0], [1]])
    await drain(worker, calls)
    expect(worker.batches).toHaveLength(4)
  })

  it('refuses what would wait beyond the bound, and takes calls again when there is room', async () => {
    const worker = gate()
    const enqueue = coalesce({ ...LIMITS, maxWaiting: 2, work: worker.work })
    const first = enqueue('a', [1])
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
    const calls = [enqueue('first', [1]), enqueue('a', [2, 3]), enqueue('busy', [7]), enqueue('b', [4])]
    expect((await Promise.all(calls)).map(values)).toEqual([[2], [4, 6], [14], [8]])
    expect(seen).toEqual([[1], [2, 3, 7, 4], [7]])
  })

  it('keeps the trouble of one key from the others of its batch', async () => {
    const worker = gate()
    const enqueue = coalesce({ ...LIMITS, maxKeys: 3, maxActive: 1, work: worker.work })
    const calls = [enqueue('first', [1]), enqueue('a', [2]), enqueue('unlucky', [3, 13]), enqueue('b', [4])]
    const outcomes = await drain(worker, calls)
    expect(outcomes.map(values)).toEqual([[2], [4], [6, 'Error: unlucky'], [8]])
  })

  it('takes no more than a batch at a time', async () => {
    const worker = gate()
    const enqueue = coalesce({ ...LIMITS, maxBatch: 2, work: worker.work })
    const calls = [enqueue('a', [1]), enqueue('a', [2, 3, 4, 5, 6])]
    await drain(worker, calls)
    expect(worker.batches.map((batch) => batch.length)).toEqual([1, 2, 2, 1])
  })
})
