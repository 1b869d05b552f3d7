import { median } from './arithmetic'
import type { AuthorizeLoad, Pace } from './commands'
import type { Figure } from './figures'
import type { Bench } from './rounds'

const CONNECTIONS = 64
const HALF = 0.5

/**
 * How long an authorization takes while the server has half of what it can take: authorizations of one wallet, over HTTP, first as many as
 * are answered, then half as many at a steady rate, round after round.
 */
export async function measureHalfLoad(
  { loader, front, world }: Bench,
  { rounds, ms }: { readonly rounds: number; readonly ms: number },
): Promise<readonly Figure[]> {
  const authorize = (perSecond: number | null) =>
    loader.ask<Pace>({
      kind: 'authorize',
      ...{ port: front.port, key: world.key, organization: world.hot, connections: CONNECTIONS, ms, perSecond },
    } satisfies AuthorizeLoad)
  const full: number[] = []
  const half: Pace[] = []
  await authorize(null)
  for (let round = 0; round < rounds; round += 1) {
    const { count, seconds } = await authorize(null)
    full.push(count / seconds)
    half.push(await authorize((count / seconds) * HALF))
  }
  const rate = `at ${Math.round(median(full) * HALF).toLocaleString('en')} /s, half of the most`
  const figure = (name: string, what: string, pick: (pace: Pace) => number): Figure => {
    return { name, what, measured: rate, value: median(half.map(pick)), target: null }
  }
  return [
    figure('authorize_p50_ms', 'ms in which half of the authorizations are answered', ({ p50Ms }) => p50Ms),
    figure('authorize_p99_ms', 'ms in which 99 of 100 are', ({ p99Ms }) => p99Ms),
  ]
}
