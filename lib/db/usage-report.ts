import 'server-only'

import type { Quantity } from '@/lib/money/quantity'

import { readQuantity } from './numeric'
import { query } from './pool'

/** The columns by which the days of an account can be summed up, each by its name outside. */
const COLUMNS = {
  day: 'd.day',
  meter: 'd.meter',
  model: 'd.model',
  resource: 'd.resource',
  feature: 'd.feature',
  member: 'd.member',
  key: 'd.key_label',
} as const

/** By what usage is summed up. */
export type UsageColumn = keyof typeof COLUMNS

/** The usage of some days of one group, paid in one asset. */
export type UsageSum = {
  /** In the order of the columns that were asked for. Empty text means "none". */
  readonly group: readonly string[]
  readonly assetCode: string
  readonly scale: number
  /** Null when several meters are in it. */
  readonly quantity: Quantity | null
  /** In smallest units of the asset; a sum may be larger than any one amount. */
  readonly amount: bigint
  /** US dollars. */
  readonly cost: Quantity
  readonly events: number
}

/**
 * The usage of an account from one day to another, both included (`YYYY-MM-DD` in its time zone), by columns and asset, in the order of
 * the groups: at most `limit` of them. Reads the daily rollups only.
 */
export async function sumUsage(
  accountId: string,
  first: string,
  last: string,
  by: readonly UsageColumn[],
  limit: number,
): Promise<readonly UsageSum[]> {
  const columns = by.map((name) => COLUMNS[name])
  const groups = [...columns, 'w.asset_code', 'w.scale'].join(', ')
  const named = columns.map((column, index) => `${column} AS group_${index}, `).join('')
  const rows = await query(
    `SELECT ${named}w.asset_code, w.scale, sum(d.quantity)::text AS quantity, count(DISTINCT d.meter) AS meters,
       sum(d.amount)::text AS amount, sum(d.cost)::text AS cost, sum(d.events)::text AS events
     FROM daily_usage d JOIN wallet w ON w.account_id = d.account_id AND w.id = d.wallet_id
     WHERE d.account_id = $1 AND d.day BETWEEN $2::date AND $3::date
     GROUP BY ${groups} ORDER BY ${groups} LIMIT $4`,
    [accountId, first, last, limit],
  )
  return rows.map((row) => ({
    group: columns.map((_, index) => row[`group_${index}`] as string),
    assetCode: row['asset_code'] as string,
    scale: row['scale'] as number,
    quantity: row['meters'] === 1n ? readQuantity(row['quantity'] as string) : null,
    amount: BigInt(row['amount'] as string),
    cost: readQuantity(row['cost'] as string),
    events: Number(row['events']),
  }))
}
