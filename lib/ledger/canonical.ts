import type { EntryDetails, EntryDraft } from './types'

/** The previous hash of a wallet's first entry. */
export const GENESIS_HASH = '0'.repeat(64)

/** Everything about an entry that its hash vouches for. */
export type CanonicalEntry = EntryDraft &
  Pick<EntryDetails, 'createdAt' | 'idempotencyKey' | 'actor' | 'description' | 'references'> & {
    readonly accountId: string
    readonly walletId: string
    readonly previousHash: string
  }

/**
 * The exact text whose SHA-256 is the entry's hash: one JSON array of strings and arrays of strings, in a fixed order, opened by the
 * version of this format. Amounts are decimal integers in smallest units, instants ISO 8601 in UTC with milliseconds, allocations come in
 * their order, references by name with absent ones left out. JSON's quoting makes it unambiguous. A change of anything here is a new version.
 */
export function canonicalLine(entry: CanonicalEntry): string {
  return JSON.stringify([
    'v1',
    entry.accountId,
    entry.walletId,
    entry.sequence.toString(),
    entry.kind,
    entry.amount.toString(),
    entry.balanceAfter.toString(),
    entry.debtChange.toString(),
    entry.occurredAt.toISOString(),
    entry.createdAt.toISOString(),
    entry.idempotencyKey,
    entry.actor,
    canonicalReferences(entry.references),
    entry.allocations
      .toSorted((left, right) => left.order - right.order)
      .map((allocation) => [allocation.order.toString(), allocation.grantId, allocation.amount.toString()]),
    entry.description,
    entry.previousHash,
  ])
}

function canonicalReferences(references: EntryDetails['references']): readonly (readonly [string, string])[] {
  return Object.entries(references)
    .flatMap(([name, id]): [string, string][] => (id === null ? [] : [[name, id]]))
    .sort(([left], [right]) => (left < right ? -1 : 1))
}
