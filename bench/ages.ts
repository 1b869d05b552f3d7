import { median } from './arithmetic'
import type { BenchChild } from './child'
import type { Comparison, SubjectCommand } from './commands'
import type { Figure } from './figures'

const CALLS = { balance: 400, debit: 200, costs: 60 } as const

const COMPARED = [
  {
    what: 'balance',
    name: 'history_balance_ratio',
    text: 'balance read at 1,000,000 entries ÷ at 1,000',
    target: { atMost: 1.15 },
  },
  {
    what: 'debit',
    name: 'history_debit_ratio',
    text: 'debit at 1,000,000 entries ÷ at 1,000',
    target: { atMost: 1.15 },
  },
  {
    what: 'costs',
    name: 'costs_ratio',
    text: 'costs of 30 days at 1,000,000 events ÷ at 10,000',
    target: { atMost: 3 },
  },
] as const

/** Whether anything costs more in an old account than in a young one. The history figure is the worse of balance and debit. */
export async function compareAges(subject: BenchChild, rounds: number): Promise<readonly Figure[]> {
  const found = new Map<string, Comparison[]>(COMPARED.map(({ what }) => [what, []]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const { what } of COMPARED) {
      const compared = await subject.ask<Comparison>({
        kind: 'compare',
        what,
        calls: CALLS[what],
      } satisfies SubjectCommand)
      // The first round warms up.
      if (round > 0) found.get(what)?.push(compared)
    }
  }
  const [balance, debit, costs] = COMPARED.map(({ what, name, text, target }): Figure => {
    const comparisons = found.get(what) ?? []
    const time = (pick: (comparison: Comparison) => number) => `${median(comparisons.map(pick)).toFixed(2)} ms`
    const measured = `${time(({ oldMs }) => oldMs)} ÷ ${time(({ youngMs }) => youngMs)}`
    const value = median(comparisons.map(({ oldMs, youngMs }) => oldMs / youngMs))
    return { name, what: text, measured, value, target }
  })
  if (balance === undefined || debit === undefined || costs === undefined) throw new Error('three things are compared')
  const worse = balance.value > debit.value ? balance : debit
  const history = { ...worse, name: 'history_ratio', what: 'the worse of the next two', measured: '' }
  return [history, { ...balance, target: null }, { ...debit, target: null }, costs]
}
