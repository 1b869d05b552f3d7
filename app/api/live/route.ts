import { openBalanceStream } from '@/lib/analytics/live-balance'
import { viewerForStream } from '@/lib/auth/viewer'
import { systemClock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import { problemOf, PROBLEM_TYPE } from '@/lib/http/problem'

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

/** The signed-in viewer's balances as server-sent events: `/api/live?org=SLUG`. */
export async function GET(request: Request): Promise<Response> {
  const viewer = await viewerForStream(new URL(request.url).searchParams.get('org') ?? '')
  if (!viewer.ok) return refuse(viewer.error)
  const stream = openBalanceStream(viewer.value, systemClock, request.signal)
  return stream === null ? refuse({ code: 'unavailable' }) : new Response(stream, { headers: STREAM_HEADERS })
}

function refuse(error: PurserError): Response {
  const { status, headers, body } = problemOf(error, { requestId: crypto.randomUUID() })
  return Response.json(body, { status, headers: { ...headers, 'content-type': PROBLEM_TYPE } })
}
