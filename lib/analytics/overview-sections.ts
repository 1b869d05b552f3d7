import 'server-only'

import { PAYMENT_KINDS } from '@/lib/billing/rules/payment-kind'
import { readSpendBySubject, type SubjectSpend } from '@/lib/db/daily-usage'
import { readNewestEntries } from '@/lib/db/entries'
import { readUnsettledPayments } from '@/lib/db/payments-read'
import { showId } from '@/lib/db/ids'
import { log } from '@/lib/log'
import { divideHalfEven } from '@/lib/money/rounding'
import { formatDecimal } from '@/lib/money/decimal'

import type { EntryRowDto, LotDto, OverviewDto, SectionDto, SpendDayDto } from './contract'
import { showHistoryItems, type HistoryItem } from './entry-rows'
import type { Reader, ReadWallet, ReadWallets } from './reader'
import { daysUpTo, monthOf } from './rules/calendar'
import { compareExpiry, lotKind, lotLabel, scopeWords } from './rules/lots'
import type { Projection } from './rules/projection'
import { forecastUnused, type SpendShare } from './rules/runway'
import { spentBetween, spentOn, type RecentDays, type SpendHistory } from './rules/spend'
import { showAmount } from './show'

const CHART_DAYS = 30
const MOST_LOTS = 12
const MOST_ACTIVITY = 6
const MOST_COSTS = 3
const END_OF_TIME = new Date('9999-12-31T00:00:00Z')
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Works out a part of a page that may fail alone: the page still renders and the card offers Retry. What failed is logged. */
export async function section<Value>(name: string, work: () => Value | Promise<Value>): Promise<SectionDto<Value>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    log().error({ error, section: name }, 'a part of a page could not be read')
    return { ok: false }
  }
}

/** Thirty days that end today, then the projected rest of the month. */
export function showSpendDays(
  history: SpendHistory,
  projection: Projection | null,
  { asset }: ReadWallet,
): readonly SpendDayDto[] {
  const past = daysUpTo(history.today, CHART_DAYS).map((day): SpendDayDto => ({
    day,
    amount: showAmount(spentOn(history, day), asset),
    kind: day === history.today ? 'partial' : 'actual',
  }))
  const ahead = (projection?.remaining ?? []).map(({ day, amount }): SpendDayDto => ({
    day,
    amount: showAmount(amount, asset),
    kind: 'projected',
  }))
  return [...past, ...ahead]
}

/** The grants with something left, soonest expiry first, with what is forecast to expire unused. */
export function showLots(
  { main: { book, asset }, catalogue }: ReadWallets,
  recent: RecentDays | null,
  shares: readonly SpendShare[],
  now: Date,
): readonly LotDto[] {
  if (book === null) return []
  const unused = recent === null ? null : forecastUnused(book.grants, shares, recent, now)
  return book.grants
    .filter((grant) => grant.remaining > 0n && (grant.expiresAt === null || grant.expiresAt > now))
    .toSorted(compareExpiry)
    .slice(0, MOST_LOTS)
    .map((grant) => ({
      id: showId('grt', grant.id),
      kind: lotKind(grant),
      label: lotLabel(grant),
      amount: showAmount(grant.amount, asset),
      remaining: showAmount(grant.remaining, asset),
      effectiveAt: grant.effectiveAt.toISOString(),
      expiresAt: grant.expiresAt?.toISOString() ?? null,
      restrictedTo: scopeWords(grant.scope, catalogue.meters),
      forecastUnused: unused === null ? null : showAmount(unused.get(grant.id) ?? 0n, asset),
    }))
}

/** The newest lines of all wallets together, pending and failed payments among them. */
export async function readRecentActivity(
  reader: Reader,
  { main, others, seesPool }: ReadWallets,
): Promise<readonly EntryRowDto[]> {
  const wallets = [main, ...others]
  const ids = wallets.flatMap(({ book }) => book?.wallet.id ?? [])
  const filter = {
    assetCode: main.asset.code,
    kinds: PAYMENT_KINDS,
    from: new Date(0),
    to: END_OF_TIME,
    minimum: 0n,
  }
  const place = { createdAt: END_OF_TIME, id: LAST_ID }
  const [lines, payments] = await Promise.all([
    readNewestEntries(reader.account.id, ids, MOST_ACTIVITY),
    seesPool ? readUnsettledPayments(reader.account.id, filter, 'older', place, MOST_ACTIVITY) : [],
  ])
  const assets = new Map(wallets.map(({ book, asset }) => [book?.wallet.id, asset]))
  const items: readonly HistoryItem[] = [
    ...lines.map((line): HistoryItem => ({ kind: 'entry', line, asset: assets.get(line.walletId) ?? main.asset })),
    ...payments.map((payment): HistoryItem => ({ kind: 'payment', payment, asset: main.asset })),
  ]
  return showHistoryItems(reader.account.id, items.toSorted(compareNewest).slice(0, MOST_ACTIVITY))
}

/** What cost most this month: by deployment, or else by model, or else by what was metered. */
export async function readTopCosts(reader: Reader, wallets: ReadWallets, history: SpendHistory): Promise<TopCosts> {
  const { main, catalogue } = wallets
  if (main.book === null) return []
  const { first } = monthOf(history.today)
  const total = spentBetween(history, first, history.today)
  const spends = await readSpendBySubject(reader.account.id, main.book.wallet.id, first, history.today, MOST_COSTS)
  const labelOf = ({ subject, isMeter }: SubjectSpend) =>
    isMeter ? (catalogue.meters.get(subject)?.name ?? subject) : subject
  return spends.map((spend) => ({
    label: labelOf(spend),
    amount: showAmount(spend.amount, main.asset),
    sharePercent: total === 0n ? '0' : formatDecimal(divideHalfEven(spend.amount * 1_000n, total), 1),
  }))
}

type TopCosts = Extract<OverviewDto['topCosts'], { readonly ok: true }>['value']

function compareNewest(left: HistoryItem, right: HistoryItem): number {
  const difference = writtenAt(right) - writtenAt(left)
  if (difference !== 0 || left.kind !== 'entry' || right.kind !== 'entry') return difference
  return left.line.sequence < right.line.sequence ? 1 : -1
}

function writtenAt(item: HistoryItem): number {
  return (item.kind === 'entry' ? item.line.createdAt : item.payment.createdAt).getTime()
}
