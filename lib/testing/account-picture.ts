import { query, type Row } from '../db/pool'
import { instantOf, START } from './naive-catalogue'
import type { NaiveAccount } from './naive-account'
import type { Line, NaiveLedger } from './naive-ledger'

/** An account in words: each wallet with its lots and its journal, and every hold. */
export type Picture = {
  readonly wallets: Readonly<
    Record<string, { readonly figures: string; readonly lots: string[]; readonly lines: string[] }>
  >
  readonly holds: readonly string[]
}

const WALLETS = `SELECT w.id, w.asset_code || coalesce(' ' || m.external_id, '') AS name, w.scale, w.balance, w.held, w.debt FROM wallet w
  LEFT JOIN account_member m ON m.account_id = w.account_id AND m.id = w.member_id WHERE w.account_id = $1 AND w.last_sequence > 0`
const GRANTS = `SELECT wallet_id, sequence, amount, remaining, held, voided, effective_at, expires_at FROM credit_grant
  WHERE account_id = $1 ORDER BY sequence`
const ENTRIES = `SELECT e.wallet_id, e.kind, e.amount, e.debt_change, e.occurred_at, (
    SELECT json_agg(json_build_array(g.sequence::text, a.amount::text) ORDER BY a.alloc_order) FROM allocation a
    JOIN credit_grant g ON g.account_id = a.account_id AND g.id = a.grant_id WHERE a.account_id = e.account_id AND a.entry_id = e.id) AS moved
  FROM entry e WHERE e.account_id = $1 ORDER BY e.sequence`
const HOLDS = `SELECT h.id, h.status, h.amount, h.captured, h.released, h.expires_at, w.scale FROM hold h
  JOIN wallet w ON w.account_id = h.account_id AND w.id = h.wallet_id WHERE h.account_id = $1 ORDER BY h.id`

/** The account as the tables have it. */
export async function pictureOf(accountId: string): Promise<Picture> {
  const [wallets, grants, entries, holds] = await Promise.all(
    [WALLETS, GRANTS, ENTRIES, HOLDS].map((sql) => query(sql, [accountId])),
  )
  const named = (wallets ?? []).map((wallet) => {
    const scale = wallet['scale'] as number
    const whole = (value: unknown) => inWhole(value as bigint, scale)
    const own = (rows: readonly Row[] | undefined) => (rows ?? []).filter((row) => row['wallet_id'] === wallet['id'])
    const figures = `balance ${whole(wallet['balance'])}, held ${whole(wallet['held'])}, debt ${whole(wallet['debt'])}`
    const lots = own(grants).map((row) => {
      const sizes = `${whole(row['remaining'])}/${whole(row['amount'])} held ${whole(row['held'])}`
      const life = `${hourOf(row['effective_at'])} to ${hourOf(row['expires_at'])}`
      return `#${String(row['sequence'])} ${sizes}, ${life}${row['voided'] === true ? ', void' : ''}`
    })
    const lines = own(entries).map((row) => {
      const moved = ((row['moved'] ?? []) as readonly (readonly [string, string])[]).flatMap(([lot, units]) =>
        Array.from({ length: Math.abs(Number(whole(BigInt(units)))) }, () => `#${lot}`),
      )
      const sizes = `${String(row['kind'])} ${whole(row['amount'])}, debt ${whole(row['debt_change'])}`
      return `${sizes}, ${hourOf(row['occurred_at'])}: ${inRuns(moved)}`
    })
    return [wallet['name'] as string, { figures, lots, lines }] as const
  })
  return {
    wallets: Object.fromEntries(named),
    holds: (holds ?? []).map((row) => {
      const whole = (name: string) => inWhole(row[name] as bigint, row['scale'] as number)
      const sizes = `${whole('amount')}, captured ${whole('captured')}, released ${whole('released')}`
      return `${String(row['status'])} ${sizes}, ${hourOf(row['expires_at'])}`
    }),
  }
}

/** The account as the naive one has it. */
export function pictureOfNaive(account: NaiveAccount): Picture {
  const wallets = [...account.wallets].filter(([, { lines }]) => lines.length > 0)
  return {
    wallets: Object.fromEntries(wallets.map(([name, wallet]) => [name, pictureOfLedger(wallet)])),
    holds: account.holds.map(({ hold: { status, size, captured, released, expires } }) => {
      return `${status} ${size}, captured ${captured}, released ${released}, hour ${expires}`
    }),
  }
}

function pictureOfLedger(wallet: NaiveLedger): Picture['wallets'][string] {
  const numbers = new Map(wallet.lots.map(({ id, sequence }) => [id, `#${sequence}`]))
  return {
    figures: `balance ${wallet.balance}, held ${wallet.held}, debt ${wallet.debt}`,
    lots: wallet.lots.map(({ sequence, free, pinned, size, effective, expires, isVoid }) => {
      const life = `hour ${effective} to ${expires === null ? 'never' : `hour ${expires}`}`
      return `#${sequence} ${free + pinned}/${size} held ${pinned}, ${life}${isVoid ? ', void' : ''}`
    }),
    lines: wallet.lines.map((line) => lineInWords(line, numbers)),
  }
}

function lineInWords({ kind, hour, sign, moved }: Line, numbers: ReadonlyMap<string, string>): string {
  const debts = moved.filter((word) => word === 'debt').length
  const lots = moved.filter((word) => word !== 'debt').map((word) => numbers.get(word) ?? word)
  const debt = sign === 0 ? -moved.length : -sign * debts
  return `${kind} ${plain(sign * moved.length)}, debt ${plain(debt)}, hour ${hour}: ${inRuns(lots)}`
}

/** Zero has no sign in words. */
function plain(value: number): string {
  return value === 0 ? '0' : `${value}`
}

/** Neighbours that are the same read as one: `#1×3 #2×1`. */
function inRuns(words: readonly string[]): string {
  const runs: [string, number][] = []
  for (const word of words) {
    const last = runs.at(-1)
    if (last?.[0] === word) last[1] += 1
    else runs.push([word, 1])
  }
  return runs.map(([word, times]) => `${word}×${times}`).join(' ')
}

function inWhole(units: bigint, scale: number): string {
  const one = 10n ** BigInt(scale)
  if (units % one !== 0n) throw new Error(`${units} is no whole number at scale ${scale}`)
  return `${units / one}`
}

function hourOf(at: unknown): string {
  return at === null ? 'never' : `hour ${((at as Date).getTime() - START) / (instantOf(1).getTime() - START)}`
}
