import 'server-only'

import type { EntryLine } from '@/lib/db/entries'
import { showId } from '@/lib/db/ids'
import type { PaymentFacts } from '@/lib/db/payments-read'
import type { UsageFacts } from '@/lib/db/usage-events'

import type { EntryRowDto } from './contract'
import type { EntryExplanationDto } from './history-contract'

/** Who is behind an entry: for usage the key, member and request that the event named, otherwise the person or key that acted. */
export function whoOf(row: EntryRowDto, line: EntryLine, event: UsageFacts | null): EntryExplanationDto['who'] {
  if (event === null) return [{ label: 'By', value: row.actor ?? automaticActor(line.actor), isCode: false }]
  const named = [
    { label: 'Key', value: event.key, isCode: true },
    { label: 'Member', value: event.member, isCode: true },
    { label: 'Deployment', value: event.resource, isCode: true },
    { label: 'Model', value: event.model, isCode: true },
    { label: 'Feature', value: event.feature, isCode: false },
    ...Object.entries(event.dimensions).map(([label, value]) => ({ label, value, isCode: false })),
  ]
  return named.flatMap(({ label, value, isCode }) => (value === null ? [] : [{ label, value, isCode }]))
}

/** Ids to copy: the request, the entry itself, the payment, Stripe's payment, the entry it takes back. */
export function linksOf(slug: string, line: EntryLine, payment: PaymentFacts | null): EntryExplanationDto['links'] {
  const history = `/o/${encodeURIComponent(slug)}/history`
  const reversed = line.reversesEntryId === null ? null : showId('ent', line.reversesEntryId)
  const links = [
    { label: 'Request', id: line.eventId, href: null },
    { label: 'Entry', id: showId('ent', line.id), href: null },
    { label: 'Reverses', id: reversed, href: reversed === null ? null : `${history}/${reversed}` },
    { label: 'Payment', id: line.paymentId === null ? null : showId('pay', line.paymentId), href: null },
    { label: 'Stripe payment', id: payment?.paymentIntentId ?? null, href: payment?.receiptUrl ?? null },
  ]
  return links.flatMap(({ label, id, href }) => (id === null ? [] : [{ label, id, href }]))
}

function automaticActor(actor: string): string {
  if (actor === 'stripe') return 'Stripe, which confirmed the payment'
  return actor.startsWith('operator:') ? 'Operator' : 'Purser, automatically'
}
