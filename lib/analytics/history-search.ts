import 'server-only'

import { findEntry } from '@/lib/db/entries'
import { readId } from '@/lib/db/ids'
import { findPaymentFacts } from '@/lib/db/payments-read'
import { findEntryIdOfEvent } from '@/lib/db/usage-callers'

import type { HistoryItem } from './entry-rows'
import { walletWithId, type Reader, type ReadWallets } from './reader'

/**
 * The line that a whole id names (of an entry, a payment, or a usage event), whatever the other filters say: whoever pastes an id wants
 * that one. Null when the text is not the id of anything and has to be searched for.
 */
export async function findById(
  { account }: Reader,
  wallets: ReadWallets,
  text: string,
): Promise<readonly HistoryItem[] | null> {
  if (text === '') return null
  const entryId = readId('ent', text)
  if (entryId !== null) return findLine(account.id, wallets, entryId)
  const paymentId = readId('pay', text)
  if (paymentId !== null) return findPayment(account.id, wallets, paymentId)
  const ofEvent = await findEntryIdOfEvent(account.id, text)
  return ofEvent === null ? null : findLine(account.id, wallets, ofEvent)
}

async function findLine(accountId: string, wallets: ReadWallets, id: string): Promise<readonly HistoryItem[]> {
  const line = await findEntry(accountId, id)
  const wallet = line === null ? null : walletWithId(wallets, line.walletId)
  return line === null || wallet === null ? [] : [{ kind: 'entry', line, asset: wallet.asset }]
}

async function findPayment(accountId: string, wallets: ReadWallets, id: string): Promise<readonly HistoryItem[]> {
  const payment = wallets.seesPool ? await findPaymentFacts(accountId, id) : null
  if (payment === null) return []
  if (payment.entryId !== null) return findLine(accountId, wallets, payment.entryId)
  const isShown = payment.status !== 'started' && payment.status !== 'cancelled'
  return isShown ? [{ kind: 'payment', payment, asset: wallets.main.asset }] : []
}
