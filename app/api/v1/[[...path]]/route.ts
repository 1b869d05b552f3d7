import { handleApi } from '@/lib/http/v1/web-mount'

/** The machine API on a host without the slim front of `server.ts`: the same handlers, slower. */
export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

export {
  handleApi as DELETE,
  handleApi as GET,
  handleApi as HEAD,
  handleApi as OPTIONS,
  handleApi as PATCH,
  handleApi as POST,
  handleApi as PUT,
}
