import { openBook } from '@/lib/ledger/book'
import { GENESIS_HASH } from '@/lib/ledger/canonical'
import type { Book, GrantState, NewGrant, WalletState } from '@/lib/ledger/types'
import { amount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import { cents } from '@/lib/money/cents'

/** That many smallest units. */
export function units(count: number | bigint): Amount {
  return amount(BigInt(count))
}

/** The instant that many hours after the one at which every ledger test begins. */
export function hour(count: number): Date {
  return new Date(Date.UTC(2027, 0, 1) + count * 3_600_000)
}

/** A grant as a test describes it: unscoped, paid, effective from hour 0, never expiring, unless it says otherwise. */
export function aGrant(id: string, size: number, fields: Partial<GrantState> = {}): GrantState {
  return {
    id,
    sequence: 1n,
    source: 'purchase',
    purpose: 'a test',
    priority: 50,
    scope: null,
    memberId: null,
    amount: units(size),
    remaining: units(size),
    held: ZERO_AMOUNT,
    costBasisCents: cents(100n),
    effectiveAt: hour(0),
    expiresAt: null,
    frozen: false,
    voided: false,
    paymentId: null,
    ...fields,
  }
}

/** A grant that is about to be made, with the same defaults. */
export function aNewGrant(id: string, fields: Partial<NewGrant> = {}): NewGrant {
  return {
    id,
    source: 'purchase',
    purpose: 'a test',
    priority: 50,
    scope: null,
    costBasisCents: cents(100n),
    effectiveAt: hour(0),
    expiresAt: null,
    paymentId: null,
    ...fields,
  }
}

/** A wallet whose figures agree with its grants, as if one entry had been written per grant. */
export function aBook(grants: readonly GrantState[] = [], fields: Partial<WalletState> = {}): Book {
  const debt = fields.debt ?? ZERO_AMOUNT
  const sum = (figure: (grant: GrantState) => bigint) => grants.reduce((total, grant) => total + figure(grant), 0n)
  return openBook(
    {
      id: 'wallet',
      accountId: 'account',
      assetCode: 'credit',
      scale: 9,
      memberId: null,
      balance: amount(sum((grant) => grant.remaining) - debt),
      held: amount(sum((grant) => grant.held)),
      debt,
      lastSequence: BigInt(grants.length),
      lastHash: GENESIS_HASH,
      lastEntryAt: null,
      ...fields,
    },
    grants,
  )
}

/** The value of a success; fails the test on a refusal. */
export function valueOf<Value>(result: { readonly ok: true; readonly value: Value } | { readonly ok: false }): Value {
  if (!result.ok) throw new Error(`expected a success: ${String(result)}`)
  return result.value
}
