import 'server-only'

import type { LineFilter } from '@/lib/db/entry-pages'
import { firstSequenceFrom } from '@/lib/db/entries'
import { creditKind, PAYMENT_KINDS } from '@/lib/billing/rules/payment-kind'
import { findActorsNamed } from '@/lib/db/names'
import type { UnsettledFilter } from '@/lib/db/payments-read'
import { parseAmount } from '@/lib/money/amount'
import { localDay } from '@/lib/usage/rules/period'

import type { HistoryFilters } from './history-contract'
import type { HistoryPlace } from './history-cursor'
import type { Reader, ReadWallet, ReadWallets } from './reader'
import { addDays, startOfDay } from './rules/calendar'

/** The history with some filters: a stretch of one wallet's journal and the payments that are not in it. */
export type HistoryList = {
  readonly accountId: string
  readonly wallet: ReadWallet
  /** First and last sequence of the stretch; none when the first is beyond the last. */
  readonly first: bigint
  readonly last: bigint
  readonly lines: LineFilter
  /** Null when no payment can match. */
  readonly payments: UnsettledFilter | null
  /** Tells this list from every other, for its cursors. */
  readonly key: string
}

const RANGE_DAYS = { '7d': 7, '30d': 30, '90d': 90 } as const
const BEGINNING = new Date(0)
const END_OF_TIME = new Date('9999-12-31T00:00:00Z')
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/**
 * Finds the stretch of the journal that the filters ask for. A range goes by when a line was written, by whole days in the account's
 * time zone: so a range is an unbroken stretch, and its lines lead from one balance to the other.
 */
export async function openHistoryList(
  reader: Reader,
  wallets: ReadWallets,
  filters: HistoryFilters,
  now: Date,
): Promise<HistoryList> {
  const { main: wallet, seesPool } = wallets
  const { from, to } = rangeOf(filters, now, reader.account.timeZone)
  const minimum = minimumOf(filters, wallet)
  const actors = filters.q === '' ? [] : await findActorsNamed(reader.organization.id, reader.account.mode, filters.q)
  const kinds = PAYMENT_KINDS.filter(
    (kind) => filters.type.length === 0 || filters.type.some((type) => type === creditKind(kind)),
  )
  const isPaymentPossible = seesPool && filters.q === '' && kinds.length > 0
  const { type, min, q, range } = filters
  return {
    accountId: reader.account.id,
    wallet,
    ...(await stretchOf(reader.account.id, wallet, from, to)),
    lines: { kinds: filters.type, minimum, text: filters.q === '' ? null : { part: filters.q, actors } },
    payments: isPaymentPossible
      ? { assetCode: wallet.asset.code, kinds, from: from ?? BEGINNING, to: to ?? END_OF_TIME, minimum }
      : null,
    key: JSON.stringify([reader.account.id, wallet.book?.wallet.id, range, filters.from, filters.to, type, min, q]),
  }
}

/** The place before the newest row. */
export function newestPlace({ last }: HistoryList): HistoryPlace {
  return { sequence: last + 1n, payment: { createdAt: END_OF_TIME, id: LAST_ID } }
}

type Range = { readonly from: Date | null; readonly to: Date | null }

function rangeOf({ range, from, to }: HistoryFilters, now: Date, timeZone: string): Range {
  if (from !== null || to !== null) {
    return {
      from: from === null ? null : startOfDay(from, timeZone),
      to: to === null ? null : startOfDay(addDays(to, 1), timeZone),
    }
  }
  if (range === 'all') return { from: null, to: null }
  return { from: startOfDay(addDays(localDay(now, timeZone), 1 - RANGE_DAYS[range]), timeZone), to: null }
}

async function stretchOf(
  accountId: string,
  { book }: ReadWallet,
  from: Date | null,
  to: Date | null,
): Promise<{ readonly first: bigint; readonly last: bigint }> {
  if (book === null) return { first: 1n, last: 0n }
  const { id, lastSequence } = book.wallet
  const first = from === null ? 1n : await firstSequenceFrom(accountId, id, lastSequence, from)
  const last = to === null ? lastSequence : (await firstSequenceFrom(accountId, id, lastSequence, to)) - 1n
  return { first, last }
}

/** A minimum with more decimals than the asset has is no minimum. */
function minimumOf({ min }: HistoryFilters, { asset }: ReadWallet): bigint {
  const parsed = min === null ? null : parseAmount(min, asset.scale)
  return parsed !== null && parsed.ok ? parsed.value : 0n
}
