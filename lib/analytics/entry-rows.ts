import 'server-only'

import { creditKind } from '@/lib/billing/rules/payment-kind'
import type { Asset } from '@/lib/db/catalogue'
import type { EntryLine } from '@/lib/db/entries'
import { showId } from '@/lib/db/ids'
import { readKeyNames, readPeopleNames } from '@/lib/db/names'
import type { PaymentFacts } from '@/lib/db/payments-read'
import { readUsageCallers, type UsageCaller } from '@/lib/db/usage-callers'

import type { EntryRowDto } from './contract'
import { cardText } from './rules/card-text'
import { showAmount, showAsset } from './show'

/** A line of the history: an entry, or a payment that is none yet or never became one. */
export type HistoryItem =
  | { readonly kind: 'entry'; readonly asset: Asset; readonly line: EntryLine }
  | { readonly kind: 'payment'; readonly asset: Asset; readonly payment: PaymentFacts }

/** Writes lines of the history for a page, with the names of who is behind them: three look-ups for all lines together. */
export async function showHistoryItems(
  accountId: string,
  items: readonly HistoryItem[],
): Promise<readonly EntryRowDto[]> {
  const names = await readNames(accountId, items)
  return items.map((item) => (item.kind === 'entry' ? showEntry(item, names) : showPayment(item, names)))
}

type Names = {
  readonly people: ReadonlyMap<string, string>
  readonly keys: ReadonlyMap<string, string>
  readonly callers: ReadonlyMap<string, UsageCaller>
}

async function readNames(accountId: string, items: readonly HistoryItem[]): Promise<Names> {
  const lines = items.flatMap((item) => (item.kind === 'entry' ? [item.line] : []))
  const starters = items.flatMap((item) => (item.kind === 'payment' ? (item.payment.startedById ?? []) : []))
  const isUsage = (line: EntryLine) => line.kind === 'usage' && line.eventId !== null
  const idsOf = (kind: string) => lines.filter((line) => !isUsage(line)).flatMap(({ actor }) => idIn(actor, kind) ?? [])
  const [people, keys, callers] = await Promise.all([
    readPeopleNames(unique([...idsOf('user'), ...starters])),
    readKeyNames(unique(idsOf('key'))),
    readUsageCallers(accountId, unique(lines.filter(isUsage).flatMap(({ eventId }) => eventId ?? []))),
  ])
  return { people, keys, callers }
}

function showEntry({ line, asset }: Extract<HistoryItem, { kind: 'entry' }>, names: Names): EntryRowDto {
  return {
    id: showId('ent', line.id),
    kind: line.kind,
    status: 'booked',
    occurredAt: line.occurredAt.toISOString(),
    description: line.description,
    actor: whoDid(line, names),
    asset: showAsset(asset),
    amount: showAmount(line.amount, asset),
    balanceAfter: showAmount(line.balanceAfter, asset),
  }
}

function showPayment({ payment, asset }: Extract<HistoryItem, { kind: 'payment' }>, names: Names): EntryRowDto {
  return {
    id: showId('pay', payment.id),
    kind: creditKind(payment.kind),
    status: payment.status === 'failed' ? 'failed' : 'pending',
    occurredAt: payment.createdAt.toISOString(),
    description: cardText(payment.cardBrand, payment.cardLast4) ?? 'Card payment',
    actor: payment.startedById === null ? null : (names.people.get(payment.startedById) ?? null),
    asset: showAsset(asset),
    amount: showAmount(payment.credits, asset),
    balanceAfter: null,
  }
}

/** Usage is done by the customer's own key or member; that the operator's backend reported it goes without saying. */
function whoDid(line: EntryLine, names: Names): string | null {
  if (line.kind === 'usage' && line.eventId !== null) {
    const caller = names.callers.get(line.eventId)
    if (caller === undefined) return null
    return caller.key === null ? caller.member : `Key ${caller.key}`
  }
  const userId = idIn(line.actor, 'user')
  if (userId !== null) return names.people.get(userId) ?? null
  const keyId = idIn(line.actor, 'key')
  if (keyId !== null) return names.keys.has(keyId) ? `API key ${names.keys.get(keyId)}` : 'API key'
  return line.actor.startsWith('operator:') ? 'Operator' : null
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The id in an actor of this kind as the journal records it (`user:ID`), or null. */
function idIn(actor: string, kind: string): string | null {
  const id = actor.startsWith(`${kind}:`) ? actor.slice(kind.length + 1) : ''
  return UUID.test(id) ? id : null
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}
