import 'server-only'

import { readDailySpend, readSpendByShape, type ShapeSpend } from '@/lib/db/daily-usage'
import { isScoped } from '@/lib/ledger/spending-order'
import { localDay } from '@/lib/usage/rules/period'

import type { Reader, ReadWallet } from './reader'
import type { UsageShape } from './rules/burn-down'
import { addDays, sameDaysLastMonth } from './rules/calendar'
import { runwayOf, type Runway, type SpendShare } from './rules/runway'
import { recentDays, type RecentDays, type SpendHistory } from './rules/spend'

const CHART_DAYS = 30
const MOST_SHAPES = 30

/**
 * Spend per day of a wallet: from the first of last month, and 30 days at least, to today in the account's time zone. What was used before
 * is not looked for: whoever rested that long starts anew.
 */
export async function readSpendHistory({ account }: Reader, { book }: ReadWallet, now: Date): Promise<SpendHistory> {
  const today = localDay(now, account.timeZone)
  if (book === null) return { today, firstDay: null, byDay: new Map() }
  const lastMonth = sameDaysLastMonth(today).first
  const chart = addDays(today, 1 - CHART_DAYS)
  const from = lastMonth < chart ? lastMonth : chart
  const days = await readDailySpend(account.id, book.wallet.id, from, today)
  return { today, firstDay: days[0]?.day ?? null, byDay: new Map(days.map(({ day, amount }) => [day, amount])) }
}

/**
 * In which proportions the spend of the last complete days was made, as far as scopes can tell it apart. Without a scoped grant there is
 * nothing to tell apart, and nothing is read.
 */
async function readSpendShares(
  { account }: Reader,
  { book }: ReadWallet,
  history: SpendHistory,
  recent: RecentDays,
): Promise<readonly SpendShare[]> {
  if (book === null || !book.grants.some(({ scope }) => isScoped(scope))) return [{ shape: {}, amount: recent.total }]
  const first = addDays(history.today, -recent.days)
  const last = addDays(history.today, -1)
  const shapes = await readSpendByShape(account.id, book.wallet.id, first, last, MOST_SHAPES)
  const shares = shapes.map((spend): SpendShare => ({ shape: shapeOf(spend), amount: spend.amount }))
  const rest = shares.reduce((left, share) => left - share.amount, recent.total)
  return rest > 0n ? [...shares, { shape: {}, amount: rest }] : shares
}

/** How long a wallet lasts, and what it rests on; the runway is null while it cannot be told. */
export async function readRunway(
  reader: Reader,
  wallet: ReadWallet,
  history: SpendHistory,
  now: Date,
): Promise<{
  readonly runway: Runway | null
  readonly recent: RecentDays | null
  readonly shares: readonly SpendShare[]
}> {
  const recent = recentDays(history)
  if (recent === null || wallet.book === null) return { runway: null, recent, shares: [] }
  const shares = await readSpendShares(reader, wallet, history, recent)
  return { runway: runwayOf(wallet.book.grants, shares, recent, now), recent, shares }
}

function shapeOf({ meter, model, member, feature }: ShapeSpend): UsageShape {
  return {
    meter,
    ...(model === '' ? {} : { model }),
    ...(member === '' ? {} : { member }),
    ...(feature === '' ? {} : { feature }),
  }
}
