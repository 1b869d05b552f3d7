import 'server-only'

import type { Mode } from '@/lib/auth/rules/actor'
import { accountClock, type Clock } from '@/lib/clock'
import { readTerms } from '@/lib/db/account-terms'
import { BALANCE_CHANNEL } from '@/lib/db/announce'
import { readBooks } from '@/lib/db/books'
import { readCatalogue, type Catalogue } from '@/lib/db/catalogue'
import { listen, type Listening } from '@/lib/db/notices'
import type { Book } from '@/lib/ledger/types'

/** What an account's wallets hold, read at an instant. */
export type BalanceReading = { readonly at: Date; readonly catalogue: Catalogue; readonly books: readonly Book[] }

type Topic = {
  readonly mode: Mode
  readonly clock: Clock
  readonly listeners: Set<(reading: BalanceReading) => void>
  timer: NodeJS.Timeout | undefined
  readAt: number
}

type Hub = {
  readonly topics: Map<string, Topic>
  ear: Listening | null
  isConnecting: boolean
  retryMs: number
}

/** An account is read at most four times a second, however often it changes and however many look at it. */
const QUIET_MS = 250
const READ_AGAIN_MS = 1_000
const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 5_000

const holder = globalThis as typeof globalThis & { purserBalanceHub?: Hub }

/**
 * Calls the listener with what the account holds: soon, and after every change that any process announces. One connection listens for
 * this whole process, and is made again when it is lost; then everybody is told anew, since something may have been missed. Returns how
 * to stop. The listener must not throw.
 */
export function watchBalance(
  account: { readonly id: string; readonly mode: Mode },
  clock: Clock,
  listener: (reading: BalanceReading) => void,
): () => void {
  const { topics } = hub()
  const topic = topics.get(account.id) ?? openTopic(account, clock)
  topic.listeners.add(listener)
  wake(account.id)
  connect()
  return () => {
    topic.listeners.delete(listener)
    if (topic.listeners.size > 0 || topics.get(account.id) !== topic) return
    clearTimeout(topic.timer)
    topics.delete(account.id)
    if (topics.size === 0) disconnect()
  }
}

function openTopic({ id, mode }: { readonly id: string; readonly mode: Mode }, clock: Clock): Topic {
  const topic: Topic = { mode, clock, listeners: new Set(), timer: undefined, readAt: 0 }
  hub().topics.set(id, topic)
  return topic
}

/** Reads the account as soon as it may be read again. Changes until then are seen by the same reading. */
function wake(accountId: string, delayMs = 0): void {
  const topic = hub().topics.get(accountId)
  if (topic === undefined) return
  const untilQuiet = Math.max(delayMs, topic.readAt + QUIET_MS - performance.now())
  topic.timer ??= setTimeout(() => void readTopic(accountId, topic), Math.max(0, untilQuiet))
}

async function readTopic(accountId: string, topic: Topic): Promise<void> {
  topic.timer = undefined
  topic.readAt = performance.now()
  try {
    // Of the moment, because a test clock may move while people look.
    const at = accountClock(await readTerms(accountId), topic.clock).now()
    const [catalogue, books] = await Promise.all([readCatalogue(topic.mode), readBooks(accountId)])
    for (const listener of topic.listeners) listener({ at, catalogue, books })
  } catch {
    wake(accountId, READ_AGAIN_MS)
  }
}

function connect(): void {
  const current = hub()
  if (current.ear !== null || current.isConnecting) return
  current.isConnecting = true
  listen(BALANCE_CHANNEL, (accountId) => wake(accountId), lose).then(hear, lose)
}

function hear(ear: Listening): void {
  const current = hub()
  current.isConnecting = false
  current.retryMs = FIRST_RETRY_MS
  current.ear = ear
  if (current.topics.size === 0) disconnect()
  for (const accountId of current.topics.keys()) wake(accountId)
}

function lose(): void {
  const current = hub()
  current.isConnecting = false
  current.ear = null
  if (current.topics.size === 0) return
  setTimeout(() => hub().topics.size > 0 && connect(), current.retryMs).unref()
  current.retryMs = Math.min(current.retryMs * 2, LONGEST_RETRY_MS)
}

function disconnect(): void {
  const current = hub()
  const ear = current.ear
  current.ear = null
  ear?.stop().catch(() => undefined)
}

function hub(): Hub {
  holder.purserBalanceHub ??= { topics: new Map(), ear: null, isConnecting: false, retryMs: FIRST_RETRY_MS }
  return holder.purserBalanceHub
}
