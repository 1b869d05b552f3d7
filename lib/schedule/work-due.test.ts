import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { DueSource } from './due-contract'
import { workDue } from './work-due'

const job = { kind: 'job', task: 'test' } as const
const at = (minute: number) => new Date(Date.UTC(2027, 0, 1, 0, minute))

type Done = { readonly name: string; readonly at: Date }

/** A source with instants to work at, which writes down what it did. */
function planned(name: string, minutes: readonly number[], done: Done[]): DueSource {
  const waiting = minutes.map(at).toSorted((left, right) => left.getTime() - right.getTime())
  return {
    name,
    nextDue: () => Promise.resolve(waiting[0] ?? null),
    work: (_actor, _accountId, instant) => {
      done.push({ name, at: instant })
      while (waiting[0] !== undefined && waiting[0] <= instant) waiting.shift()
      return Promise.resolve()
    },
    dueAccounts: () => Promise.resolve([]),
  }
}

describe('working what is due', () => {
  it('works each source at its own instants, in their order, ties in the order of the sources, and nothing later', async () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(minutes, minutes, minutes, async (...all) => {
        const done: Done[] = []
        const sources = all.map((each, index) => planned(`source-${index}`, each, done))
        await workDue(job, 'account', at(15), { sources })
        const expected = all
          .flatMap((each, index) => each.map((minute) => ({ name: `source-${index}`, at: at(minute) })))
          .filter((due) => due.at <= at(15))
          .toSorted((left, right) => left.at.getTime() - right.at.getTime() || (left.name < right.name ? -1 : 1))
        expect(done).toEqual(expected)
      }),
    )
  })

  it('tells each instant before it is worked', async () => {
    const done: Done[] = []
    const told: Date[] = []
    const moveTo = (instant: Date) => {
      expect(done).toHaveLength(told.length)
      told.push(instant)
      return Promise.resolve()
    }
    await workDue(job, 'account', at(9), { sources: [planned('only', [3, 1, 2], done)], moveTo })
    expect(told).toEqual([at(1), at(2), at(3)])
  })

  it('works what another source makes due at the same instant, and at an earlier one', async () => {
    const done: Done[] = []
    let due: Date | null = null
    const late: DueSource = {
      ...planned('late', [], done),
      nextDue: () => Promise.resolve(due),
      work: (_actor, _accountId, instant) => {
        done.push({ name: 'late', at: instant })
        due = null
        return Promise.resolve()
      },
    }
    const first = planned('first', [5], done)
    const cause: DueSource = {
      ...first,
      work: async (...call) => {
        await first.work(...call)
        due = at(4)
      },
    }
    await workDue(job, 'account', at(9), { sources: [late, cause] })
    expect(done.map(({ name }) => name)).toEqual(['first', 'late'])
  })

  it('throws when a source does not move on, instead of working for ever', async () => {
    const stuck: DueSource = {
      name: 'stuck',
      nextDue: () => Promise.resolve(at(1)),
      work: () => Promise.resolve(),
      dueAccounts: () => Promise.resolve([]),
    }
    await expect(workDue(job, 'account', at(9), { sources: [stuck] })).rejects.toThrow('stuck does not move on')
  })

  it('stops where a source throws, and goes on from there when it is started again', async () => {
    const done: Done[] = []
    const source = planned('only', [1, 2, 3], done)
    let isBroken = true
    const broken: DueSource = {
      ...source,
      work: (actor, accountId, instant) => {
        if (isBroken && instant.getTime() === at(2).getTime()) return Promise.reject(new Error('cut off'))
        return source.work(actor, accountId, instant)
      },
    }
    await expect(workDue(job, 'account', at(9), { sources: [broken] })).rejects.toThrow('cut off')
    isBroken = false
    await workDue(job, 'account', at(9), { sources: [broken] })
    expect(done.map((each) => each.at)).toEqual([at(1), at(2), at(3)])
  })
})
