import 'server-only'

import { env } from '@/lib/env'

/** Where people reach this site, as it was configured: never what a request claims, because banks and Stripe send people back there. */
export function siteOrigin(): string {
  return env().APP_URL
}
