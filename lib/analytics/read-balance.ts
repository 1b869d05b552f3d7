import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { findAccountNamed } from '@/lib/db/account-names'
import { findAutoCharge } from '@/lib/db/auto-charges'
import { readBooksOf } from '@/lib/db/books'
import { readCatalogue } from '@/lib/db/catalogue'
import { readAccountDueHolds, type StoredHold } from '@/lib/db/holds'
import { findRecharge } from '@/lib/db/recharges'
import type { PurserError } from '@/lib/errors'
import { summarize } from '@/lib/ledger/balance'
import { bookDue } from '@/lib/ledger/due'
import type { Book, HoldState } from '@/lib/ledger/types'
import { formatAmount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'
import type { BalanceAnswer } from '@/lib/usage/contract'

type WalletAnswer = BalanceAnswer['wallets'][number]

/** Answered also before anything was ever written to it. */
const DEFAULT_ASSET = 'credit'

/**
 * What the wallets of an organization have now, for the API. `balance` is the sum of the entries; every other figure already leaves out
 * what is due and not booked yet, such as credit that has just expired. Locks nothing. Errors: not_found.
 */
export async function readBalance(
  actor: Extract<Actor, { kind: 'key' }>,
  organization: string,
  clock: Clock,
): Promise<Result<BalanceAnswer, PurserError>> {
  const account = await findAccountNamed(actor.mode, organization)
  if (account === null || !can(actor, 'balance:read', account)) return err({ code: 'not_found', what: 'organization' })
  const books = await readBooksOf(account.id, null)
  const at = accountClock(account, clock).now()
  const expired = books.some(({ wallet }) => wallet.held > 0n) ? await readAccountDueHolds(account.id, at) : []
  const wallets = books.map((book) => walletAnswer(book, holdsIn(book, expired), at))
  const hasDefault = wallets.some(({ asset }) => asset === DEFAULT_ASSET)
  const missing = hasDefault || !(await readCatalogue(account.mode)).assets.has(DEFAULT_ASSET) ? [] : [EMPTY]
  return ok({ wallets: [...missing, ...wallets], recharge: await readRechargeAnswer(account.id) })
}

/** `off` while it is not set or was turned off; otherwise how charging the card stands, with the bank's last refusal. */
async function readRechargeAnswer(accountId: string): Promise<BalanceAnswer['recharge']> {
  const setting = await findRecharge(accountId)
  if (setting?.enabled !== true) return { status: 'off', last_error: null }
  const { state } = await findAutoCharge(accountId)
  const isBlocked = state.status === 'armed' && setting.blockedUntil !== null
  return { status: isBlocked ? 'blocked_by_cap' : state.status, last_error: state.message }
}

function holdsIn({ wallet }: Book, holds: readonly StoredHold[]): readonly HoldState[] {
  return holds.filter(({ walletId }) => walletId === wallet.id).map(({ state }) => state)
}

function walletAnswer(book: Book, expired: readonly HoldState[], at: Date): WalletAnswer {
  const { assetCode, scale, balance } = book.wallet
  const show = (value: Amount): string => formatAmount(value, scale)
  const now = bookDue(book, at, expired).book
  const { held, available, unrestricted, upcoming, frozen, debt, nextExpiry } = summarize(now, at)
  return {
    asset: assetCode,
    balance: show(balance),
    held: show(held),
    available: show(available),
    unrestricted: show(unrestricted),
    upcoming: show(upcoming),
    frozen: show(frozen),
    debt: show(debt),
    next_expiry: nextExpiry === null ? null : { amount: show(nextExpiry.amount), at: nextExpiry.at.toISOString() },
  }
}

const NOTHING = formatAmount(ZERO_AMOUNT, 0)
const EMPTY: WalletAnswer = {
  asset: DEFAULT_ASSET,
  balance: NOTHING,
  held: NOTHING,
  available: NOTHING,
  unrestricted: NOTHING,
  upcoming: NOTHING,
  frozen: NOTHING,
  debt: NOTHING,
  next_expiry: null,
}
