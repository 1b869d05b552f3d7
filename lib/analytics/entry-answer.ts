import 'server-only'

import type { EntryLine } from '@/lib/db/entries'
import { showId, type IdPrefix } from '@/lib/db/ids'
import { formatAmount } from '@/lib/money/amount'
import type { EntryAnswer } from '@/lib/usage/contract'

/** What the wallet of an entry is counted in. */
export type EntryAsset = { readonly code: string; readonly scale: number }

const ACTOR = /^(user|operator|key):([0-9a-f-]{36})$/
const ACTOR_PREFIXES: Readonly<Record<string, IdPrefix>> = { user: 'usr', operator: 'usr', key: 'key' }

/** A line of a journal as the API answers it. */
export function toEntryAnswer(line: EntryLine, { code, scale }: EntryAsset): EntryAnswer {
  const optional = (prefix: IdPrefix, id: string | null) => (id === null ? null : showId(prefix, id))
  return {
    id: showId('ent', line.id),
    wallet: showId('wal', line.walletId),
    asset: code,
    sequence: Number(line.sequence),
    kind: line.kind,
    amount: formatAmount(line.amount, scale),
    balance_after: formatAmount(line.balanceAfter, scale),
    occurred_at: line.occurredAt.toISOString(),
    created_at: line.createdAt.toISOString(),
    description: line.description,
    actor: showActor(line.actor),
    event_id: line.eventId,
    grant: optional('grt', line.grantId),
    hold: optional('hld', line.holdId),
    payment: optional('pay', line.paymentId),
    reverses: optional('ent', line.reversesEntryId),
    previous_hash: line.previousHash,
    hash: line.hash,
  }
}

/** `key:UUID` of the journal as `key:key_…`; jobs and Stripe have no id. */
function showActor(actor: string): string {
  const [, kind = '', id = ''] = ACTOR.exec(actor) ?? []
  const prefix = ACTOR_PREFIXES[kind]
  return prefix === undefined ? actor : `${kind}:${showId(prefix, id)}`
}
