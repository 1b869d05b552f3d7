import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import {
  findMemberWithEmail,
  lockMemberNamed,
  putAccountMember,
  type AccountMember,
  type LiteAllocation,
} from '@/lib/db/account-members'
import { findAccountNamed } from '@/lib/db/account-names'
import { lockAccountPlan } from '@/lib/db/account-plans'
import { touchAccountTerms } from '@/lib/db/account-terms'
import { announceBalance } from '@/lib/db/announce'
import { readBooksOf } from '@/lib/db/books'
import { readCatalogue, type Catalogue } from '@/lib/db/catalogue'
import { inTransaction, type Tx } from '@/lib/db/pool'
import { invalidField, type PurserError } from '@/lib/errors'
import { summarize } from '@/lib/ledger/balance'
import { bookDue } from '@/lib/ledger/due'
import type { Book } from '@/lib/ledger/types'
import { formatAmount, type Amount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'

import { grantAllocation } from './lite-allocations'
import type { MemberAnswer, MemberInput } from '../member-contract'
import { placeMember } from '../rules/place-member'
import { readEntitlement } from '../rules/read-plan'
import { moveMemberDebt } from './move-member-debt'

type KeyActor = Extract<Actor, { kind: 'key' }>

/** Which member of which organization, and what is to be known of them. */
export type PutMember = MemberInput & { readonly organization: string; readonly externalId: string }

/**
 * Makes a member known, or changes them; what is not named stays, and the same call again changes nothing. A Lite member gets this month's
 * allocation at once, a larger one the difference, a smaller one counts from next month. Going to Pro opens the pool at once, which
 * pays what their own wallets owe; what is left of the month's allocation waits there, for a Lite seat, until it expires. Locks the account,
 * the member, the pool, then their wallets. Errors: not_found,
 * forbidden, invalid_input (`seat`, `email`, `lite_allocation`).
 */
export async function putMember(
  actor: KeyActor,
  input: PutMember,
  clock: Clock,
): Promise<Result<MemberAnswer, PurserError>> {
  const account = await findAccountNamed(actor.mode, input.organization)
  if (account === null) return err({ code: 'not_found', what: 'organization' })
  if (!can(actor, 'members:manage', account)) return err({ code: 'forbidden' })
  const at = accountClock(account, clock).now()
  const put = await inTransaction((tx) => write(tx, actor, account.id, input, clock))
  if (!put.ok) return put
  announceBalance(account.id)
  const books = await readBooksOf(account.id, put.value.id)
  return ok(toMemberAnswer(put.value, books, await readCatalogue(account.mode), at))
}

async function write(
  tx: Tx,
  actor: KeyActor,
  accountId: string,
  input: PutMember,
  clock: Clock,
): Promise<Result<AccountMember, PurserError>> {
  const account = await lockAccountPlan(tx, accountId)
  const at = accountClock(account, clock).now()
  const before = await lockMemberNamed(tx, accountId, input.externalId)
  const lite = readAllocation(input.lite_allocation, await readCatalogue(account.mode, tx))
  if (!lite.ok) return lite
  const place = placeMember(before, { role: input.role, seat: input.seat, lite: lite.value })
  if (!place.ok) return err(invalidField(place.error.path, place.error.message))

  const { name = before?.name ?? null, email = before?.email ?? null, externalId } = input
  const holder = email === null ? null : await findMemberWithEmail(tx, accountId, email)
  if (holder !== null && holder !== externalId) {
    return err(invalidField('email', `The member "${holder}" has this address. Use another, or leave it out.`))
  }
  const member = await putAccountMember(tx, accountId, { externalId, name, email, ...place.value }, at)
  await touchAccountTerms(tx, accountId)
  await moveMemberDebt(tx, actor, member, at)
  await grantAllocation(tx, actor, account, member, at)
  return ok(member)
}

/** The allocation as it is stored: an amount in the asset's smallest unit. */
function readAllocation(
  asked: MemberInput['lite_allocation'],
  catalogue: Catalogue,
): Result<LiteAllocation | null | undefined, PurserError> {
  if (asked === undefined || asked === null) return ok(asked)
  const read = readEntitlement(asked, catalogue)
  if (!read.ok) return err(invalidField(`lite_allocation.${read.error.path}`, read.error.message))
  return ok({ asset: asked.asset, amount: read.value.amount })
}

function toMemberAnswer(
  { externalId, name, email, role, seat, lite }: AccountMember,
  books: readonly Book[],
  catalogue: Catalogue,
  at: Date,
): MemberAnswer {
  return {
    external_id: externalId,
    name,
    email,
    role,
    seat,
    lite_allocation:
      lite === null ? null : { asset: lite.asset, amount: formatAmount(lite.amount, scaleOf(catalogue, lite.asset)) },
    wallets: books.map((book) => walletAnswer(book, at)),
  }
}

function walletAnswer(book: Book, at: Date): MemberAnswer['wallets'][number] {
  const { assetCode, scale, balance } = book.wallet
  const show = (value: Amount) => formatAmount(value, scale)
  const { held, available, nextExpiry } = summarize(bookDue(book, at).book, at)
  return {
    asset: assetCode,
    balance: show(balance),
    held: show(held),
    available: show(available),
    next_expiry: nextExpiry === null ? null : { amount: show(nextExpiry.amount), at: nextExpiry.at.toISOString() },
  }
}

function scaleOf({ assets }: Catalogue, code: string): number {
  const asset = assets.get(code)
  if (asset === undefined) throw new Error(`asset ${code} is not in the catalogue`)
  return asset.scale
}
