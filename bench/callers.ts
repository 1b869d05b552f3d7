import { percentile } from './arithmetic'
import type { Pace } from './commands'

/**
 * Calls again and again from several callers at once, each waiting for its answer before it asks anew, for a given time. `call` answers
 * how many things it did.
 */
export async function callFor(callers: number, ms: number, call: (caller: number) => Promise<number>): Promise<Pace> {
  const latencies: number[] = []
  const start = performance.now()
  const end = start + ms
  let count = 0
  const work = async (caller: number) => {
    for (let asked = performance.now(); asked < end;) {
      const done = await call(caller)
      count += done
      const answered = performance.now()
      latencies.push(answered - asked)
      asked = answered
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, caller) => work(caller)))
  const seconds = (performance.now() - start) / 1000
  return { count, seconds, p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99) }
}

/**
 * Calls at a steady rate, whether or not earlier calls were answered, and times each from when it was due: a pause of the server is
 * felt by every call that falls into it. At most `mostOpen` are open at once; the benchmark ends when more would be.
 */
export async function callAtRate(
  perSecond: number,
  ms: number,
  mostOpen: number,
  call: () => Promise<unknown>,
): Promise<Pace> {
  const latencies: number[] = []
  const open = new Set<Promise<void>>()
  const start = performance.now()
  const total = Math.floor((perSecond * ms) / 1000)
  let begun = 0
  while (begun < total) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * perSecond))
    for (; begun < due; begun += 1) {
      if (open.size >= mostOpen)
        throw new Error(`${mostOpen} calls are not answered: ${perSecond} a second are too many`)
      const dueAt = start + (begun / perSecond) * 1000
      const pending: Promise<void> = call().then(() => {
        latencies.push(performance.now() - dueAt)
        open.delete(pending)
      })
      open.add(pending)
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(open)
  const seconds = (performance.now() - start) / 1000
  return { count: total, seconds, p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99) }
}
