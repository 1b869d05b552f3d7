import type { EntryKind } from '@/lib/ledger/types'
import { formatAmount, type Amount } from '@/lib/money/amount'

import type { EntryAnswer } from './contract'

/** A line of a journal, with ids as they are stored. */
export type EntryFacts = {
  readonly id: string
  readonly walletId: string
  readonly sequence: bigint
  readonly kind: EntryKind
  readonly amount: Amount
  readonly balanceAfter: Amount
  readonly occurredAt: Date
  readonly createdAt: Date
  readonly description: string
  readonly actor: string
  readonly eventId: string | null
  readonly grantId: string | null
  readonly holdId: string | null
  readonly paymentId: string | null
  readonly reversesEntryId: string | null
  readonly previousHash: string
  readonly hash: string
}

/** What the wallet of an entry is counted in. */
export type EntryAsset = { readonly code: string; readonly scale: number }

/** Writes a stored id as the outside sees it. */
type ShowId = (prefix: 'ent' | 'wal' | 'grt' | 'hld' | 'pay' | 'usr' | 'key', uuid: string) => string

const ACTOR = /^(user|operator|key):([0-9a-f-]{36})$/

/** A line of a journal as the API answers it. */
export function toEntryAnswer(line: EntryFacts, { code, scale }: EntryAsset, show: ShowId): EntryAnswer {
  const optional = (prefix: Parameters<ShowId>[0], id: string | null) => (id === null ? null : show(prefix, id))
  return {
    id: show('ent', line.id),
    wallet: show('wal', line.walletId),
    asset: code,
    sequence: parseInt(line.sequence.toString(), 10),
    kind: line.kind,
    amount: formatAmount(line.amount, scale),
    balance_after: formatAmount(line.balanceAfter, scale),
    occurred_at: line.occurredAt.toISOString(),
    created_at: line.createdAt.toISOString(),
    description: line.description,
    actor: showActor(line.actor, show),
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
function showActor(actor: string, show: ShowId): string {
  const [, kind = '', id = ''] = ACTOR.exec(actor) ?? []
  if (id === '') return actor
  return `${kind}:${show(kind === 'key' ? 'key' : 'usr', id)}`
}
