import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { findAccountNamed } from '@/lib/db/account-names'
import { readBooks } from '@/lib/db/books'
import { readCatalogue } from '@/lib/db/catalogue'
import { findEntry, readAllocations } from '@/lib/db/entries'
import { readId, showId } from '@/lib/db/ids'
import { readUsageEvent } from '@/lib/db/usage-events'
import type { PurserError } from '@/lib/errors'
import { formatAmount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'
import type { EntryDetailAnswer } from '@/lib/usage/contract'
import { toEntryAnswer } from '@/lib/usage/entry-contract'
import { toPriceAnswer } from '@/lib/usage/price-contract'
import { arithmeticLines } from '@/lib/usage/rules/arithmetic'

import { rateAgain } from './entry-proof'

/**
 * An entry with the grants that it fed or drew and, for usage, the price version and the arithmetic: "why this number". Errors:
 * not_found, also for another organization's entry.
 */
export async function readEntry(
  actor: Extract<Actor, { kind: 'key' }>,
  organization: string,
  entryId: string,
): Promise<Result<EntryDetailAnswer, PurserError>> {
  const account = await findAccountNamed(actor.mode, organization)
  if (account === null || !can(actor, 'history:read', account)) return err({ code: 'not_found', what: 'organization' })
  const id = readId('ent', entryId)
  const line = id === null ? null : await findEntry(account.id, id)
  if (line === null) return err({ code: 'not_found', what: 'entry' })
  const [books, allocations, event, catalogue] = await Promise.all([
    readBooks(account.id),
    readAllocations(account.id, line.id),
    line.kind === 'usage' && line.eventId !== null ? readUsageEvent(account.id, line.eventId) : null,
    readCatalogue(account.mode),
  ])
  const wallet = books.find((book) => book.wallet.id === line.walletId)?.wallet
  if (wallet === undefined) throw new Error(`the wallet of entry ${line.id} is gone`)
  const { assetCode: code, scale } = wallet
  const rated = event === null ? null : rateAgain(event, catalogue)
  return ok({
    ...toEntryAnswer(line, { code, scale }, showId),
    allocations: allocations.map(({ grantId, amount, order }) => ({
      grant: showId('grt', grantId),
      amount: formatAmount(amount, scale),
      order,
    })),
    price: rated === null ? null : toPriceAnswer({ ...rated.price, id: showId('prc', rated.price.id) }),
    arithmetic: rated?.rating ? arithmeticLines(rated.rating.steps) : [],
  })
}
