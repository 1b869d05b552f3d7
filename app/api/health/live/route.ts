export const dynamic = 'force-dynamic'

/** The process answers. It says nothing about the database: a restart would not heal that. */
export function GET(): Response {
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })
}
