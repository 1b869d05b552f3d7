import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { findAccountNamed } from '@/lib/db/account-names'
import { readBooks } from '@/lib/db/books'
import { readStream, type StreamFilter } from '@/lib/db/entry-stream'
import { readId, showId } from '@/lib/db/ids'
import { hasHadTestClock } from '@/lib/db/test-clock'
import { invalidField, type PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import type { EntriesAnswer, EntriesQuery } from '@/lib/usage/contract'
import { toEntryAnswer } from '@/lib/usage/entry-contract'

/**
 * A page of an organization's entries, newest first, for the API. Goes on from an entry id; `has_more` says whether there is more in
 * the direction that was asked for. Errors: not_found, invalid_input (a cursor that is no entry id).
 */
export async function listEntries(
  actor: Extract<Actor, { kind: 'key' }>,
  organization: string,
  asked: EntriesQuery,
): Promise<Result<EntriesAnswer, PurserError>> {
  const account = await findAccountNamed(actor.mode, organization)
  if (account === null || !can(actor, 'history:read', account)) return err({ code: 'not_found', what: 'organization' })
  const filter = readFilter(asked, asked.asset === undefined ? null : await walletIdsOf(account.id, asked.asset))
  if (!filter.ok) return filter

  const isBackward = asked.ending_before !== undefined
  const hasOwnTime = account.mode === 'test' && (await hasHadTestClock(account.id))
  const lines = await readStream(
    account.id,
    { ...filter.value, hasOwnTime },
    isBackward ? 'oldest' : 'newest',
    asked.limit + 1,
  )
  const page = lines.slice(0, asked.limit)
  // Read after the lines, so that every line's wallet is there.
  const wallets = new Map((await readBooks(account.id)).map(({ wallet }) => [wallet.id, wallet]))
  const data = (isBackward ? page.toReversed() : page).map((line) => {
    const wallet = wallets.get(line.walletId)
    if (wallet === undefined) throw new Error(`the wallet of entry ${line.id} is gone`)
    return toEntryAnswer(line, { code: wallet.assetCode, scale: wallet.scale }, showId)
  })
  return ok({ data, has_more: lines.length > asked.limit })
}

async function walletIdsOf(accountId: string, assetCode: string): Promise<readonly string[]> {
  const books = await readBooks(accountId)
  return books.filter(({ wallet }) => wallet.assetCode === assetCode).map(({ wallet }) => wallet.id)
}

function readFilter(
  asked: EntriesQuery,
  walletIds: readonly string[] | null,
): Result<Omit<StreamFilter, 'hasOwnTime'>, PurserError> {
  const before = readCursor('starting_after', asked.starting_after)
  if (!before.ok) return before
  const after = readCursor('ending_before', asked.ending_before)
  if (!after.ok) return after
  return ok({
    after: after.value,
    before: before.value,
    walletIds,
    kind: asked.kind ?? null,
    from: asked.from === undefined ? null : new Date(asked.from),
    to: asked.to === undefined ? null : new Date(asked.to),
  })
}

function readCursor(name: string, text: string | undefined): Result<string | null, PurserError> {
  if (text === undefined) return ok(null)
  const id = readId('ent', text)
  return id === null ? err(invalidField(name, 'Send the id of an entry, such as ent_….')) : ok(id)
}
