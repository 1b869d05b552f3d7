import { median, medianRatio } from './arithmetic'
import type { BenchChild } from './child'
import type { LoadCommand, Pace, SubjectCommand, Wallets, World } from './commands'
import type { Figure } from './figures'
import { cpuOf, cpuOfPostgres } from './machine'
import type { Pgbench } from './pgbench'
import type { Site } from './site'

/** Everything that takes part in a round. */
export type Bench = {
  readonly pgbench: Pgbench
  readonly postmaster: number
  readonly subject: BenchChild
  readonly loader: BenchChild
  readonly front: Site
  readonly next: Site
  readonly world: World
}

const CALLERS = 64
const BATCH = 100
const BATCHES_AT_ONCE = 16

/** Something that is measured once a round, beside its yardstick. */
type Measurement = {
  readonly name: string
  readonly what: string
  readonly yardstick: 'hotRow' | 'simpleUpdate'
  readonly wallets: Wallets
  readonly target: Figure['target']
  readonly pid: (bench: Bench) => number
  readonly run: (bench: Bench, ms: number) => Promise<Pace>
}

const inProcess = (wallets: Wallets) => ({
  wallets,
  pid: ({ subject }: Bench) => subject.pid,
  run: ({ subject }: Bench, ms: number) =>
    subject.ask<Pace>({ kind: 'debit', wallets, callers: CALLERS, ms } satisfies SubjectCommand),
})

const overHttp = (site: 'front' | 'next', wallets: Wallets, batch: number | null, connections: number) => ({
  wallets,
  pid: (bench: Bench) => bench[site].pid,
  run: (bench: Bench, ms: number) => {
    const { key, hot, many } = bench.world
    const organizations = wallets === 'hot' ? [hot] : many
    return bench.loader.ask<Pace>({
      kind: 'usage',
      port: bench[site].port,
      key,
      organizations,
      batch,
      connections,
      ms,
    } satisfies LoadCommand)
  },
})

const MEASUREMENTS: readonly Measurement[] = [
  {
    name: 'hot_ratio',
    what: `debits by the verb in process, one wallet, ${CALLERS} callers`,
    yardstick: 'hotRow',
    target: { atLeast: 4 },
    ...inProcess('hot'),
  },
  {
    name: 'http_single_ratio',
    what: `single events over HTTP, one wallet, ${CALLERS} connections`,
    yardstick: 'hotRow',
    target: { atLeast: 1 },
    ...overHttp('front', 'hot', null, CALLERS),
  },
  {
    name: 'next_single_ratio',
    what: 'the same through a Next route handler, for comparison',
    yardstick: 'hotRow',
    target: null,
    ...overHttp('next', 'hot', null, CALLERS),
  },
  {
    name: 'http_batch_ratio',
    what: `events in batches of ${BATCH} over HTTP, one wallet, ${BATCHES_AT_ONCE} connections`,
    yardstick: 'hotRow',
    target: { atLeast: 3.5 },
    ...overHttp('front', 'hot', BATCH, BATCHES_AT_ONCE),
  },
  {
    name: 'http_batch_many_ratio',
    what: `events in batches of ${BATCH} over HTTP, 1,000 wallets`,
    yardstick: 'hotRow',
    target: { atLeast: 2 },
    ...overHttp('front', 'many', BATCH, BATCHES_AT_ONCE),
  },
  {
    name: 'many_ratio',
    what: `debits by the verb in process, 1,000 wallets ÷ simple-update`,
    yardstick: 'simpleUpdate',
    target: { atLeast: 1 },
    ...inProcess('many'),
  },
]

type Cpu = { readonly node: number; readonly postgres: number }
type Measured = {
  readonly perSecond: number[]
  readonly p50Ms: number[]
  readonly p99Ms: number[]
  readonly cpu: Cpu[]
}

/** What the rounds found, and how many events were acknowledged, warm-up included. */
export type RoundsResult = {
  readonly figures: readonly Figure[]
  readonly yardsticks: { readonly hotRow: number; readonly simpleUpdate: number }
  readonly acknowledged: Readonly<Record<Wallets, number>>
  /** Single events a second over HTTP that one wallet takes at most. */
  readonly details: Readonly<Record<string, { perSecond: number; p50Ms: number; p99Ms: number; cpu: Cpu | null }>>
}

/** How long the rounds are, and which figures they measure; null: all. */
export type RoundsOptions = {
  readonly only: readonly string[] | null
  readonly rounds: number
  readonly ms: number
  readonly print: (line: string) => void
}

/** Measures everything in turn, round after round. Both yardsticks are measured at both ends of a round, and their mean is the round's. */
export async function runRounds(bench: Bench, { only, rounds, ms, print }: RoundsOptions): Promise<RoundsResult> {
  const measurements = MEASUREMENTS.filter(({ name }) => only?.includes(name) ?? true)
  const acknowledged = { hot: 0, many: 0 }
  const measured = new Map(measurements.map(({ name }) => [name, empty()]))
  const yardsticks = { hotRow: [] as number[], simpleUpdate: [] as number[] }
  for (const { run, wallets } of measurements) acknowledged[wallets] += (await run(bench, ms)).count
  for (let round = 1; round <= rounds; round += 1) {
    const before = await measureYardsticks(bench, ms)
    for (const measurement of measurements) {
      acknowledged[measurement.wallets] += await measure(
        bench,
        measurement,
        ms,
        measured.get(measurement.name) ?? empty(),
      )
    }
    const after = await measureYardsticks(bench, ms)
    yardsticks.hotRow.push((before.hotRow + after.hotRow) / 2)
    yardsticks.simpleUpdate.push((before.simpleUpdate + after.simpleUpdate) / 2)
    print(`Round ${round} of ${rounds}: yardstick ${Math.round(yardsticks.hotRow.at(-1) ?? 0)} /s`)
  }
  return {
    figures: measurements.map((measurement) =>
      figureOf(measurement, measured.get(measurement.name) ?? empty(), yardsticks),
    ),
    yardsticks: { hotRow: median(yardsticks.hotRow), simpleUpdate: median(yardsticks.simpleUpdate) },
    acknowledged,
    details: Object.fromEntries([...measured].map(([name, figures]) => [name, summarize(figures)])),
  }
}

async function measure(bench: Bench, { pid, run }: Measurement, ms: number, into: Measured): Promise<number> {
  const cpu = async () => [await cpuOf(pid(bench)), await cpuOfPostgres(bench.postmaster)] as const
  const [nodeBefore, postgresBefore] = await cpu()
  const pace = await run(bench, ms)
  const [nodeAfter, postgresAfter] = await cpu()
  into.perSecond.push(pace.count / pace.seconds)
  into.p50Ms.push(pace.p50Ms)
  into.p99Ms.push(pace.p99Ms)
  if (nodeBefore !== null && nodeAfter !== null && postgresBefore !== null && postgresAfter !== null) {
    const perEvent = (seconds: number) => (seconds * 1_000_000) / pace.count
    into.cpu.push({ node: perEvent(nodeAfter - nodeBefore), postgres: perEvent(postgresAfter - postgresBefore) })
  }
  return pace.count
}

async function measureYardsticks({ pgbench }: Bench, ms: number) {
  const seconds = Math.ceil(ms / 1000)
  return { hotRow: await pgbench.hotRow(seconds), simpleUpdate: await pgbench.simpleUpdate(seconds) }
}

function empty(): Measured {
  return { perSecond: [], p50Ms: [], p99Ms: [], cpu: [] }
}

function figureOf(
  { name, what, target, yardstick }: Measurement,
  { perSecond }: Measured,
  yardsticks: Readonly<Record<'hotRow' | 'simpleUpdate', readonly number[]>>,
): Figure {
  const measured = `${Math.round(median(perSecond)).toLocaleString('en')} /s`
  return { name, what, measured, value: medianRatio(perSecond, yardsticks[yardstick]), target }
}

function summarize({ perSecond, p50Ms, p99Ms, cpu }: Measured) {
  return {
    perSecond: median(perSecond),
    p50Ms: median(p50Ms),
    p99Ms: median(p99Ms),
    cpu:
      cpu.length === 0
        ? null
        : { node: median(cpu.map(({ node }) => node)), postgres: median(cpu.map(({ postgres }) => postgres)) },
  }
}
