import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'

import { aBook, aGrant, hour, units } from '@/lib/testing/ledger'
import { canonicalLine, GENESIS_HASH, type CanonicalEntry } from './canonical'
import { CHAIN_START, findBreaches, verifyChain, type ChainedEntry } from './invariants'
import type { HoldState } from './types'

const line: CanonicalEntry = {
  accountId: 'acc',
  walletId: 'wal',
  kind: 'usage',
  sequence: 1n,
  amount: units(-5),
  balanceAfter: units(-5),
  debtChange: units(2),
  occurredAt: hour(0),
  createdAt: hour(1),
  idempotencyKey: 'usage:"e1"',
  actor: 'key:k1',
  description: 'Two runs,\nat 0.5',
  references: { payment: null, event: 'e1', hold: 'h1' },
  allocations: [
    { grantId: 'g2', amount: units(-1), order: 2 },
    { grantId: 'g1', amount: units(-2), order: 1 },
  ],
  previousHash: GENESIS_HASH,
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function chained(changes: readonly Partial<CanonicalEntry>[]): readonly ChainedEntry[] {
  let previousHash = GENESIS_HASH
  return changes.map((change) => {
    const entry = { ...line, ...change, previousHash }
    previousHash = sha256(canonicalLine(entry))
    return { ...entry, hash: previousHash }
  })
}

describe('the line that is hashed', () => {
  test('is exactly this text', () => {
    expect(canonicalLine(line)).toBe(
      '["v1","acc","wal","1","usage","-5","-5","2","2027-01-01T00:00:00.000Z","2027-01-01T01:00:00.000Z",' +
        '"usage:\\"e1\\"","key:k1",[["event","e1"],["hold","h1"]],[["1","g1","-2"],["2","g2","-1"]],' +
        `"Two runs,\\nat 0.5","${'0'.repeat(64)}"]`,
    )
  })

  test('does not depend on the order in which references and allocations were read', () => {
    const reread = {
      ...line,
      references: { hold: 'h1', event: 'e1' },
      allocations: line.allocations.toReversed(),
    }
    expect(canonicalLine(reread)).toBe(canonicalLine(line))
  })

  test.each<Partial<CanonicalEntry>>([
    { accountId: 'other' },
    { walletId: 'other' },
    { kind: 'adjustment' },
    { sequence: 2n },
    { amount: units(5) },
    { balanceAfter: units(5) },
    { debtChange: units(-2) },
    { occurredAt: new Date(hour(0).getTime() + 1) },
    { createdAt: new Date(hour(1).getTime() + 1) },
    { idempotencyKey: 'other' },
    { actor: 'other' },
    { description: 'Two runs,at 0.5' },
    { references: { event: 'h1', hold: 'e1' } },
    { allocations: line.allocations.slice(1) },
    { previousHash: '1'.repeat(64) },
  ])('changes with $0', (change) => {
    expect(canonicalLine({ ...line, ...change })).not.toBe(canonicalLine(line))
  })
})

describe('verifying a chain', () => {
  const entries = chained([{}, { sequence: 2n, balanceAfter: units(-10) }, { sequence: 3n, balanceAfter: units(-15) }])

  test('a chain as it was written verifies, whole or page by page', () => {
    const whole = verifyChain(entries, sha256)
    expect(whole.breaches).toEqual([])
    const page = verifyChain(entries.slice(0, 2), sha256, CHAIN_START)
    expect(page.breaches).toEqual([])
    expect(verifyChain(entries.slice(2), sha256, page.end)).toEqual(whole)
  })

  test('a line that was changed afterwards is found', () => {
    const forged = entries.map((entry, index) => (index === 1 ? { ...entry, description: 'Nothing' } : entry))
    expect(verifyChain(forged, sha256).breaches).toEqual([{ sequence: 2n, problem: 'hash' }])
  })

  test('a line that was taken out is found', () => {
    expect(verifyChain(entries.toSpliced(1, 1), sha256).breaches).toEqual([
      { sequence: 3n, problem: 'sequence' },
      { sequence: 3n, problem: 'balance' },
      { sequence: 3n, problem: 'link' },
    ])
  })

  test('allocations that do not add up to the amount are found', () => {
    expect(verifyChain(chained([{ debtChange: units(1) }]), sha256).breaches).toEqual([
      { sequence: 1n, problem: 'allocations' },
    ])
  })
})

describe('finding breaches in a book', () => {
  const grant = aGrant('g', 10, { remaining: units(8), held: units(3) })
  const open: HoldState = {
    id: 'h',
    amount: units(3),
    captured: units(0),
    released: units(0),
    status: 'open',
    expiresAt: hour(9),
    parts: [{ grantId: 'g', held: units(3) }],
  }

  test('a right book has none', () => {
    expect(findBreaches(aBook([grant]), hour(1), [open])).toEqual([])
  })

  test.each([
    ['a balance that is not what the grants leave', 1, aBook([grant], { balance: units(9) })],
    ['a wallet that holds other than its grants', 2, aBook([grant], { held: units(2) })],
    ['a grant that holds more than it has', 2, aBook([{ ...grant, held: units(9) }])],
    ['a grant that has more than it was', 2, aBook([{ ...grant, remaining: units(11) }])],
    ['debt beside unscoped credit', 5, aBook([grant], { debt: units(1) })],
  ])('finds %s', (_what, invariant, book) => {
    expect(findBreaches(book, hour(1))).toMatchObject([{ invariant }])
  })

  test('finds pins that no open hold accounts for', () => {
    expect(findBreaches(aBook([grant]), hour(1), [])).toMatchObject([
      { invariant: 2, subject: 'pins of grant g', expected: 0n, found: 3n },
      { invariant: 2, subject: 'holds of wallet wallet' },
    ])
  })

  test('debt beside credit that is scoped, upcoming, frozen or held is none', () => {
    const idle = [
      aGrant('scoped', 1, { scope: { meters: ['a'] } }),
      aGrant('upcoming', 1, { effectiveAt: hour(2) }),
      aGrant('frozen', 1, { frozen: true }),
      aGrant('held', 1, { held: units(1) }),
    ]
    expect(findBreaches(aBook(idle, { debt: units(1) }), hour(1))).toEqual([])
  })
})
