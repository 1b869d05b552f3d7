import 'server-only'

import type { Mode } from '@/lib/auth/rules/actor'
import { amount, type Amount } from '@/lib/money/amount'

import type { Tx } from './pool'

const REVERSED = `SELECT coalesce(sum(amount), 0)::bigint AS reversed FROM entry WHERE account_id = $1 AND reverses_entry_id = $2`

/** Σ of the reversals of an entry. Call under the wallet's lock: it is what keeps two of them from taking back the same part. */
export async function readReversed(tx: Tx, accountId: string, entryId: string): Promise<Amount> {
  const [row] = await tx.query(REVERSED, [accountId, entryId])
  return amount((row?.['reversed'] as bigint | undefined) ?? 0n)
}

/**
 * Credit that repaid debt: by the grants it was drawn from, or by the grant of its rest. When debt took all of it there is no grant: then
 * the payment knows how long it would have lived, the note of the period that it was for (under whose name the entry stands, `awardPeriods`),
 * or the answer that was given to whoever gave it (api.md: a grant of nothing).
 */
const PERIOD = `q.source || ':' || CASE q.subject WHEN '' THEN '' ELSE q.subject || ':' END
  || to_char(q.period_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ':' || q.asset_code`
const REPAYMENTS = `SELECT e.occurred_at, g.id IS NOT NULL AS has_grant, g.expires_at, p.id IS NOT NULL AS has_payment,
    p.settled_at + make_interval(hours => 24 * p.expires_after_days) AS paid_until,
    (SELECT min(q.period_end) FROM period_grant q WHERE q.account_id = e.account_id
      AND (e.idempotency_key = ${PERIOD} OR starts_with(e.idempotency_key, ${PERIOD} || ':'))) AS period_until,
    r.key IS NOT NULL AS has_answer, (r.answer::jsonb ->> 'expires_at')::timestamptz AS given_until
  FROM entry e
  LEFT JOIN allocation a ON a.account_id = e.account_id AND a.entry_id = e.id
  LEFT JOIN credit_grant g ON g.account_id = e.account_id AND g.id = coalesce(a.grant_id, e.grant_id)
  LEFT JOIN payment p ON p.account_id = e.account_id AND p.id = e.payment_id
  LEFT JOIN idempotency_record r ON r.mode = $4 AND r.route = 'POST /grants' AND e.idempotency_key LIKE 'grant:%'
    AND r.key = substr(e.idempotency_key, 7)
  WHERE e.account_id = $1 AND e.wallet_id = $2 AND e.sequence > $3 AND e.debt_change < 0 AND e.kind <> 'usage' AND e.kind <> 'reversal'`

/** Credit that repaid debt. `expiresAt`: when it would have ended; null: never; `unknown`: nothing that was kept says so. */
export type Repayment = { readonly at: Date; readonly expiresAt: Date | null | 'unknown' }

/** The credit that repaid debt of a wallet after a place of its journal. Call under the wallet's lock. */
export async function readRepayments(
  tx: Tx,
  { accountId, walletId, sequence, mode }: RepaidAfter,
): Promise<readonly Repayment[]> {
  const rows = await tx.query(REPAYMENTS, [accountId, walletId, sequence, mode])
  return rows.map((row) => {
    const at = row['occurred_at'] as Date
    if (row['has_grant'] === true) return { at, expiresAt: row['expires_at'] as Date | null }
    if (row['has_payment'] === true) return { at, expiresAt: row['paid_until'] as Date | null }
    if (row['period_until'] !== null) return { at, expiresAt: row['period_until'] as Date }
    if (row['has_answer'] === true) return { at, expiresAt: row['given_until'] as Date | null }
    return { at, expiresAt: 'unknown' }
  })
}

/** A place of a wallet's journal. */
type RepaidAfter = {
  readonly accountId: string
  readonly walletId: string
  readonly sequence: bigint
  readonly mode: Mode
}
