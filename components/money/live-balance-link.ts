import type { LiveBalanceEvent } from '@/lib/analytics/contract'

/** What the browser knows from the live link. `staleForMs` is null while the link is good, or lost for under 30 s. */
export type LiveState = {
  readonly latest: LiveBalanceEvent | null
  readonly staleSinceMs: number | null
  /** The browser's clock, renewed while stale. */
  readonly nowMs: number
}

type Message =
  { readonly kind: 'balance'; readonly event: LiveBalanceEvent } | { readonly kind: 'link'; readonly isUp: boolean }

export const NOTHING_YET: LiveState = { latest: null, staleSinceMs: null, nowMs: 0 }

const STALE_AFTER_MS = 30_000
const TICK_MS = 15_000
const CLOSE_WHEN_HIDDEN_MS = 5 * 60_000

/**
 * The live link of one organization, shared by everything on the page that shows a balance. One tab of the browser (the one
 * that holds a Web Lock) keeps the connection and tells the others through a BroadcastChannel.
 */
export function createLiveLink(organization: string) {
  const name = `purser-live-${organization}`
  const listeners = new Set<() => void>()
  let state = NOTHING_YET
  let stopRunning: (() => void) | null = null

  function update(change: Partial<LiveState>) {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  }

  const watch = watchForStaleness((staleSinceMs, nowMs) => update({ staleSinceMs, nowMs }))

  function receive(message: Message) {
    if (message.kind === 'balance') update({ latest: message.event })
    if (message.kind === 'balance' || message.isUp) watch.linkIsUp()
    else watch.linkIsDown()
  }

  function run() {
    const channel = new BroadcastChannel(name)
    const leaving = new AbortController()
    channel.onmessage = ({ data }: MessageEvent<Message>) => receive(data)
    const publish = (message: Message) => {
      // An event may still be queued after the source was closed.
      if (leaving.signal.aborted) return
      receive(message)
      channel.postMessage(message)
    }
    void holdLock(name, leaving.signal, () => connect(organization, leaving.signal, publish))
    return () => {
      leaving.abort()
      channel.close()
      watch.linkIsUp()
    }
  }

  function start() {
    stopRunning ??= run()
  }

  function stop() {
    stopRunning?.()
    stopRunning = null
  }

  let stopWatching = () => {}
  return {
    getState: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener)
      if (listeners.size === 1) {
        start()
        stopWatching = watchVisibility(start, stop)
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stopWatching()
        stop()
      }
    },
  }
}

/** Reports when the link has been down for 30 seconds, then the time every 15 seconds, and null when it is back. */
function watchForStaleness(report: (staleSinceMs: number | null, nowMs: number) => void) {
  let waiting: ReturnType<typeof setTimeout> | undefined
  let ticking: ReturnType<typeof setInterval> | undefined
  return {
    linkIsUp() {
      const wasStale = ticking !== undefined
      clearTimeout(waiting)
      clearInterval(ticking)
      waiting = ticking = undefined
      if (wasStale) report(null, Date.now())
    },
    linkIsDown() {
      waiting ??= setTimeout(() => {
        const sinceMs = Date.now()
        report(sinceMs, sinceMs)
        ticking = setInterval(() => report(sinceMs, Date.now()), TICK_MS)
      }, STALE_AFTER_MS)
    },
  }
}

/**
 * Keeps a connection until the signal says to leave. EventSource reconnects by itself, but gives up for good when it is
 * answered with an error (a restarting server): then it is opened anew.
 */
function connect(organization: string, leaving: AbortSignal, publish: (message: Message) => void): Promise<void> {
  return new Promise((resolve) => {
    // A lock may be granted in the very moment of leaving: a connection opened now would keep it for good.
    if (leaving.aborted) return resolve()
    let reopening: ReturnType<typeof setTimeout> | undefined
    function open(): EventSource {
      const opened = new EventSource(`/api/live?org=${encodeURIComponent(organization)}`)
      opened.onopen = () => publish({ kind: 'link', isUp: true })
      opened.onerror = () => {
        publish({ kind: 'link', isUp: false })
        if (opened.readyState === EventSource.CLOSED) reopening = setTimeout(() => (source = open()), TICK_MS)
      }
      opened.addEventListener('balance', ({ data }: MessageEvent<string>) => {
        publish({ kind: 'balance', event: JSON.parse(data) as LiveBalanceEvent })
      })
      return opened
    }
    let source = open()
    leaving.addEventListener('abort', () => {
      clearTimeout(reopening)
      source.close()
      resolve()
    })
  })
}

/** Runs the work in one tab at a time. Where locks are missing (plain http on another host) each tab works for itself. */
async function holdLock(name: string, leaving: AbortSignal, work: () => Promise<void>) {
  if (!('locks' in navigator)) return work()
  try {
    await navigator.locks.request(name, { signal: leaving }, work)
  } catch (reason) {
    if (!leaving.aborted) throw reason
  }
}

/** Stops after five minutes out of sight and starts again on return. */
function watchVisibility(start: () => void, stop: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  function onChange() {
    clearTimeout(timer)
    if (document.visibilityState === 'visible') start()
    else timer = setTimeout(stop, CLOSE_WHEN_HIDDEN_MS)
  }
  document.addEventListener('visibilitychange', onChange)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', onChange)
  }
}
