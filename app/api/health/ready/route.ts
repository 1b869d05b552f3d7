import { checkReadiness } from '@/lib/analytics/check-readiness'

export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

/** 200 when this process can serve: the database answers and has every migration. */
export async function GET(): Promise<Response> {
  const ready = await checkReadiness()
  const body = ready.ok ? { status: 'ok' } : { status: 'unavailable', reason: ready.error.reason }
  return Response.json(body, { status: ready.ok ? 200 : 503, headers: { 'cache-control': 'no-store' } })
}
