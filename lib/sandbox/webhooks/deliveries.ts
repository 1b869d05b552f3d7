import type { Pool } from 'pg'
import {
  makeAllDue,
  readQueueState,
  recordAttempt,
  recordLoss,
  takeDue,
  takeShuffled,
  waitUntilNext,
  type Due,
  type QueueState,
  type Sent,
} from './queue'
import { signatureHeader } from './signature'
import type { SwitchBoard } from './switches'

const AT_ONCE = 4
const ANSWER_TIMEOUT_MS = 10_000
const LONGEST_SLEEP_MS = 60_000

/** What the sender works with. `putAddress` fills in the sandbox's own address. */
type SenderParts = {
  readonly pool: Pool
  readonly board: SwitchBoard
  readonly secret: string
  readonly putAddress: (json: string) => string
}

/** The webhook sender: one per process. Its queue is in the database, so it takes up what an earlier process left behind. */
export class Deliveries {
  readonly #parts: SenderParts
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #isWoken = false
  #isStopped = false

  constructor(parts: SenderParts) {
    this.#parts = parts
    this.wake()
  }

  /** Says that something was queued or a switch moved. Does not wait. */
  wake(): void {
    if (this.#isWoken || this.#isStopped) return
    this.#isWoken = true
    setImmediate(() => {
      this.#isWoken = false
      void this.#run('unless paused')
    })
  }

  /** Makes all that waits due now, sends it even when paused, and resolves when nothing more can be sent now. */
  async flush(): Promise<QueueState> {
    await makeAllDue(this.#parts.pool)
    await this.#run('always')
    return this.state()
  }

  /** Sends what waits as soon as possible, without waiting for it. */
  async hurry(): Promise<void> {
    await makeAllDue(this.#parts.pool)
    this.wake()
  }

  state(): Promise<QueueState> {
    return readQueueState(this.#parts.pool)
  }

  /** Ends after the deliveries that are under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  #run(when: 'always' | 'unless paused'): Promise<void> {
    // Rounds run one after the other: two at once would send the same delivery twice.
    this.#running = this.#running
      .then(() => this.#drain(when))
      .catch((error: unknown) => {
        process.stderr.write(`stripe sandbox: webhook queue: ${String(error)}\n`)
      })
    return this.#running
  }

  async #drain(when: 'always' | 'unless paused'): Promise<void> {
    const { pool, board } = this.#parts
    while (!this.#isStopped) {
      const { url, paused, reorder } = board.current()
      if (url === null || (paused && when !== 'always')) break
      const batch = reorder ? await takeShuffled(pool) : await takeDue(pool, AT_ONCE)
      if (batch.length === 0) break
      if (reorder) for (const due of batch) await this.#deliver(url, due)
      else await Promise.all(batch.map((due) => this.#deliver(url, due)))
    }
    await this.#sleep()
  }

  async #deliver(url: string, due: Due): Promise<void> {
    const { pool, board, putAddress, secret } = this.#parts
    const { lose } = board.current()
    if (lose === 'all') return recordLoss(pool, due)
    if (lose > 0) {
      // Counted before anything is awaited: deliveries of one batch must not share one loss.
      await Promise.all([board.set({ lose: lose - 1 }), recordLoss(pool, due)])
      return
    }
    await recordAttempt(pool, due, await post(url, putAddress(JSON.stringify(due.event)), secret))
  }

  async #sleep(): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#isStopped) return
    const { url, paused } = this.#parts.board.current()
    const wait = await waitUntilNext(this.#parts.pool)
    if (wait === null || url === null || paused || this.#isStopped) return
    this.#timer = setTimeout(() => this.wake(), Math.min(Math.max(wait, 1), LONGEST_SLEEP_MS))
  }
}

async function post(url: string, body: string, secret: string): Promise<Sent> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'stripe-signature': signatureHeader(body, secret, Math.floor(Date.now() / 1000)),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    })
    await answer.body?.cancel()
    return { status: answer.status, error: null }
  } catch (error) {
    return { status: null, error: error instanceof Error ? error.message : String(error) }
  }
}
