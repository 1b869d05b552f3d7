import 'server-only'

import type { Clock } from '@/lib/clock'

import { watchBalance, type BalanceReading } from './balance-hub'
import type { LiveBalanceEvent } from './contract'
import { visibleWallets, type Reader } from './reader'
import { showBalance } from './show'

const RECONNECT_MS = 5_000
const HEARTBEAT_MS = 20_000
/** A stream ends after this long; the browser comes back and passes the gate again, so that who was removed does not go on reading. */
const LIFETIME_MS = 15 * 60_000
/** A reader who does not read is let go. */
const MOST_UNREAD = 100
const MOST_STREAMS = 2_000

let open = 0

/**
 * The reader's balances as server-sent events (ux.md, section 5): the current state at once, whatever the browser saw before, then every
 * change, a comment every 20 seconds in between. Null while this process has as many streams as it can hold.
 */
export function openBalanceStream(
  reader: Reader,
  clock: Clock,
  leaving: AbortSignal,
): ReadableStream<Uint8Array> | null {
  if (open >= MOST_STREAMS) return null
  open += 1
  let close = () => {}
  return new ReadableStream<Uint8Array>({
    start(controller) {
      close = serve(reader, clock, controller)
      if (leaving.aborted) close()
      else leaving.addEventListener('abort', close, { once: true })
    },
    cancel() {
      leaving.removeEventListener('abort', close)
      close()
    },
  })
}

function serve(reader: Reader, clock: Clock, controller: ReadableStreamDefaultController<Uint8Array>): () => void {
  const encoder = new TextEncoder()
  let shown = ''
  let isOpen = true
  const write = (text: string) => {
    if (!isOpen) return
    if ((controller.desiredSize ?? 0) < -MOST_UNREAD) close()
    else controller.enqueue(encoder.encode(text))
  }
  write(`retry: ${RECONNECT_MS}\n\n`)
  const stopWatching = watchBalance(reader.account, clock, (reading) => {
    const wallets = describe(reader, reading)
    const text = JSON.stringify(wallets)
    if (text === shown) return
    shown = text
    const event: LiveBalanceEvent = { at: reading.at.toISOString(), wallets }
    write(`id: ${reading.at.getTime()}\nevent: balance\ndata: ${JSON.stringify(event)}\n\n`)
  })
  const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS)
  const end = setTimeout(() => close(), LIFETIME_MS)

  function close(): void {
    if (!isOpen) return
    isOpen = false
    open -= 1
    stopWatching()
    clearInterval(heartbeat)
    clearTimeout(end)
    try {
      controller.close()
    } catch {
      // The browser has closed it from its side already.
    }
  }
  return close
}

function describe(reader: Reader, { at, catalogue, books }: BalanceReading): LiveBalanceEvent['wallets'] {
  const { main, others } = visibleWallets(reader, catalogue, books)
  return [main, ...others].map((wallet) => {
    const { asset, balance, available, held, debt } = showBalance(wallet, at)
    return { asset: asset.code, available, balance, held, debt }
  })
}
