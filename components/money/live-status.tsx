'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import type { Instant } from '@/lib/analytics/contract'
import { useLiveBalance } from './use-live-balance'

type LiveStatusProps = {
  readonly organization: string
  readonly renderedAt: Instant
}

/** A page asks the server again at most this often, however fast usage comes in. */
const REFRESH_EVERY_MS = 2_000
const POLL_EVERY_MS = 15_000

/**
 * Keeps the rest of the page in step with the live balance, and says so when the link is lost: then the page is polled
 * instead. The balance keeps its last value meanwhile.
 */
export function LiveStatus({ organization, renderedAt }: LiveStatusProps) {
  const { latest, staleSinceMs, nowMs } = useLiveBalance(organization)
  const router = useRouter()
  const isStale = staleSinceMs !== null
  const isBehind = latest !== null && Date.parse(latest.at) > Date.parse(renderedAt)

  useEffect(() => {
    if (!isBehind) return
    const timer = setTimeout(() => router.refresh(), REFRESH_EVERY_MS)
    return () => clearTimeout(timer)
  }, [isBehind, renderedAt, router])

  useEffect(() => {
    if (!isStale) return
    const timer = setInterval(() => router.refresh(), POLL_EVERY_MS)
    return () => clearInterval(timer)
  }, [isStale, router])

  if (!isStale) return null
  const updatedMs = Math.max(Date.parse(renderedAt), latest === null ? 0 : Date.parse(latest.at))
  return <StaleNote minutes={Math.max(0, Math.floor((nowMs - updatedMs) / 60_000))} />
}

/** "Updated 2 min ago · Reconnecting". */
export function StaleNote({ minutes }: { readonly minutes: number }) {
  return (
    <p role="status" className="text-warning text-sm">
      Updated {minutes === 0 ? 'just now' : `${minutes} min ago`} · Reconnecting
    </p>
  )
}
