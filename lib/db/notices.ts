import 'server-only'

import pg from 'pg'

import { env } from '@/lib/env'

/** An open ear: stops listening when asked. */
export type Listening = { readonly stop: () => Promise<void> }

/**
 * Listens on a PostgreSQL channel with a connection of its own (not of the pool: it stays open). `onLost` is called once, when
 * the connection ends for any reason but `stop`: from then on nothing is heard. Throws when it cannot connect.
 */
export async function listen(
  channel: 'purser_api_key' | 'purser_balance',
  onNotice: (payload: string) => void,
  onLost: () => void,
): Promise<Listening> {
  const client = new pg.Client({ connectionString: env().DATABASE_URL, application_name: 'purser-listen' })
  let isOpen = true
  const lose = () => {
    if (isOpen) onLost()
    isOpen = false
  }
  client.on('error', lose)
  client.on('end', lose)
  client.on('notification', (notice) => onNotice(notice.payload ?? ''))
  await client.connect()
  await client.query(`LISTEN ${channel}`)
  return {
    stop: async () => {
      isOpen = false
      await client.end()
    },
  }
}
