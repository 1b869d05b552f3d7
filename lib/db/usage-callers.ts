import 'server-only'

import { query } from './pool'

/** Who a usage event was for, as the operator's backend named them. */
export type UsageCaller = { readonly key: string | null; readonly member: string | null }

const CALLERS = 'SELECT id, key_label, member FROM usage_event WHERE account_id = $1 AND id = ANY($2)'
const ENTRY_OF = 'SELECT entry_id FROM usage_event WHERE account_id = $1 AND id = $2'

/** The callers of some usage events, by event id. */
export async function readUsageCallers(
  accountId: string,
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, UsageCaller>> {
  if (eventIds.length === 0) return new Map()
  const rows = await query(CALLERS, [accountId, eventIds])
  return new Map(
    rows.map((row) => [
      row['id'] as string,
      { key: row['key_label'] as string | null, member: row['member'] as string | null },
    ]),
  )
}

/** The entry that a usage event wrote; null when there is no such event or it cost nothing. */
export async function findEntryIdOfEvent(accountId: string, eventId: string): Promise<string | null> {
  const [row] = await query(ENTRY_OF, [accountId, eventId])
  return (row?.['entry_id'] as string | null | undefined) ?? null
}
