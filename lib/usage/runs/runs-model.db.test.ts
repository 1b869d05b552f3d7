import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import * as runs from '@/lib/db/runs'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { definePrice } from '@/lib/testing/ledger-factory'
import { openRunBench, type RunBench, type Said } from '@/lib/testing/runs'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'second', name: 'GPU', unit: 'second' }, { model: 'per_unit', unit_price: '0.0001' })
  await definePrice({ key: 'hour', name: 'GPU S', unit: 'hour' }, { model: 'per_unit', unit_price: '0.0001' })
})
afterAll(() => database.drop())

const KINDS = ['ready', 'heartbeat', 'pause', 'resume', 'stop'] as const

/** What happens: time passes, the caller says something, the worker looks, both at once; or a process dies at its next write. */
type Happening =
  | { readonly kind: 'wait'; readonly tenths: number }
  | { readonly kind: 'say' | 'race'; readonly what: Said }
  | { readonly kind: 'look' | 'die before the row follows' | 'die before the next look is noted' }

const happening = (longest: number): fc.Arbitrary<Happening> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), tenths: fc.nat(longest) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('say' as const), what: fc.constantFrom(...KINDS) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('race' as const), what: fc.constantFrom(...KINDS) }) },
    { weight: 3, arbitrary: fc.constant({ kind: 'look' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'die before the row follows' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'die before the next look is noted' as const }) },
  )

/** A run as one would write it down by hand: its status, and how many tenths of a second it ran. */
class NaiveRun {
  status = 'cold'
  tenths = 0
  hasRun = false

  say(what: Said): void {
    if (what === 'ready' && this.status === 'cold') this.status = 'running'
    if (what === 'pause' && this.status === 'running') this.status = 'paused'
    if (what === 'resume' && this.status === 'paused') this.status = 'running'
    if (what === 'stop') this.status = 'stopped'
    this.hasRun ||= this.status === 'running'
  }

  wait(tenths: number): void {
    if (this.status === 'running') this.tenths += tenths
  }

  units(unit: 'second' | 'hour'): number {
    const whole = Math.ceil(this.tenths / (unit === 'second' ? 10 : 36_000))
    return unit === 'hour' && this.hasRun ? Math.max(1, whole) : whole
  }
}

/** Does it again as often as a process died of it, as a caller does who heard no answer. */
async function stubbornly(work: () => Promise<unknown>): Promise<void> {
  await work().catch(() => stubbornly(work))
}

async function happen(bench: RunBench, id: string, naive: NaiveRun, what: Happening): Promise<void> {
  switch (what.kind) {
    case 'wait':
      naive.wait(what.tenths)
      return bench.wait(what.tenths / 10)
    case 'look':
      return bench.sweep().catch(() => undefined)
    case 'say':
      naive.say(what.what)
      return stubbornly(() => bench.say(what.what, id))
    case 'race':
      naive.say(what.what)
      await Promise.all([bench.sweep().catch(() => undefined), bench.say(what.what, id).catch(() => undefined)])
      return stubbornly(() => bench.say(what.what, id))
    case 'die before the row follows':
      return void vi.spyOn(runs, 'billRun').mockRejectedValueOnce(new Error('cut off'))
    case 'die before the next look is noted':
      return void vi.spyOn(runs, 'saveRunLook').mockRejectedValueOnce(new Error('cut off'))
  }
}

describe.each([
  ['second', 1_500],
  ['hour', 60_000],
] as const)('a run of %ss, whatever happens in whatever order', (unit, longest) => {
  it('is billed for what it ran, each unit once, and row, events and wallet agree', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening(longest), { minLength: 5, maxLength: 25 }), async (happenings) => {
        const bench = await openRunBench({}, '100')
        const started = await bench.start(unit)
        if (!started.ok) throw new Error('it starts')
        const { id } = started.value.run
        const naive = new NaiveRun()
        for (const each of happenings) await happen(bench, id, naive, each)
        vi.restoreAllMocks()
        await bench.sweep()
        await bench.say('stop', id)

        const events = await bench.events()
        const run = await bench.read(id)
        expect(run).toMatchObject({ status: 'stopped', billed_quantity: `${naive.units(unit)}` })
        expect(events.reduce((sum, { quantity }) => sum + parseInt(quantity, 10), 0)).toBe(naive.units(unit))
        const spent = BigInt(naive.units(unit)) * 100_000n
        expect(events.reduce((sum, { amount }) => sum + amount, 0n)).toBe(spent)
        expect((await bench.wallet()).balance).toBe(100_000_000_000n - spent)
      }),
      { numRuns: 12 },
    )
  })
})
