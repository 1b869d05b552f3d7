/** A usage event of the demo, before it is validated like any other. */
export type DemoEvent = {
  readonly id: string
  readonly organization: string
  readonly meter: string
  readonly quantity: string
  readonly occurred_at: string
  readonly resource: string
  readonly model: string
  readonly key: string
  readonly member: string
  readonly cost: string
}

/** A workload of the demo's customer: how much of a meter one of its requests uses, and how many it makes. */
type Workload = {
  readonly meter: string
  readonly resource: string
  readonly model: string
  readonly key: string
  readonly member: string
  readonly quantity: number
  readonly perBlock: number
  /** Weekends run at this share. */
  readonly weekend: number
  /** What a unit costs the operator, as a share of a millionth of a dollar. */
  readonly costPerUnit: number
}

/** Who of the demo has a Lite seat, by the id that its backend uses, which is their address. */
export const LITE_MEMBER = 'leo@acme.dev'

const WORKLOADS: readonly Workload[] = [
  {
    meter: 'gpu_m',
    resource: 'llama-70b-awq',
    model: 'llama-70b',
    key: 'web-app',
    member: 'mia@acme.dev',
    quantity: 620.4,
    perBlock: 5,
    weekend: 0.55,
    costPerUnit: 310,
  },
  {
    meter: 'gpu_l',
    resource: 'vision-batch',
    model: 'vision-11b',
    key: 'nightly',
    member: 'raj@acme.dev',
    quantity: 480.7,
    perBlock: 1,
    weekend: 0.3,
    costPerUnit: 640,
  },
  {
    meter: 'output_token',
    resource: 'chat-api',
    model: 'llama-70b',
    key: 'web-app',
    member: 'mia@acme.dev',
    quantity: 148_000,
    perBlock: 2,
    weekend: 0.5,
    costPerUnit: 0.8,
  },
  {
    meter: 'input_token',
    resource: 'chat-api',
    model: 'llama-70b',
    key: 'web-app',
    member: 'mia@acme.dev',
    quantity: 391_000,
    perBlock: 2,
    weekend: 0.5,
    costPerUnit: 0.2,
  },
  {
    meter: 'embedding_token',
    resource: 'embed-worker',
    model: 'e5-large',
    key: 'ci-runner',
    member: 'raj@acme.dev',
    quantity: 2_100_000,
    perBlock: 1,
    weekend: 0.8,
    costPerUnit: 0.03,
  },
  {
    meter: 'output_token',
    resource: 'chat-api',
    model: 'llama-70b',
    key: 'web-app',
    member: LITE_MEMBER,
    quantity: 54_000,
    perBlock: 1,
    weekend: 0.4,
    costPerUnit: 0.8,
  },
]

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How many hours of usage are recorded together. */
export const BLOCK_HOURS = 6

/** The usage of one block of hours: the same for the same block, busier on some days than on others. */
export function eventsOfBlock(organization: string, start: Date): readonly DemoEvent[] {
  const random = randomFrom(start.getTime() / HOUR_MS)
  const weekday = start.getUTCDay()
  const isWeekend = weekday === 0 || weekday === 6
  const mood = 0.75 + 0.5 * randomFrom(Math.floor(start.getTime() / DAY_MS))()
  const daytime = start.getUTCHours() < 6 ? 0.45 : 1.15
  return WORKLOADS.flatMap((workload, kind) =>
    Array.from({ length: workload.perBlock }, (_, number): DemoEvent => {
      const share = (isWeekend ? workload.weekend : 1) * mood * daytime * (0.6 + 0.8 * random())
      const quantity =
        workload.quantity < 10_000 ? (workload.quantity * share).toFixed(1) : (workload.quantity * share).toFixed(0)
      const at = new Date(start.getTime() + Math.floor(random() * BLOCK_HOURS * HOUR_MS))
      const { meter, resource, model, key, member, costPerUnit } = workload
      return {
        id: `demo-${start.toISOString().slice(0, 13)}-${kind}-${number}`,
        organization,
        meter,
        quantity: plain(quantity),
        occurred_at: at.toISOString(),
        resource,
        model,
        key,
        member,
        cost: ((Number(quantity) * costPerUnit) / 1_000_000).toFixed(6),
      }
    }),
  ).sort((left, right) => (left.occurred_at < right.occurred_at ? -1 : 1))
}

function plain(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** Numbers from 0 to 1 that are the same for the same seed: the demo tells one story. */
function randomFrom(seed: number): () => number {
  let state = (Math.floor(seed) * 2_654_435_761) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
