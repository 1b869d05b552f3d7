import 'server-only'

import type { Actor, Mode } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { readBooksOf } from '@/lib/db/books'
import { readCatalogue, type Asset, type Catalogue } from '@/lib/db/catalogue'
import type { Book } from '@/lib/ledger/types'

/** Somebody who reads the pages of an organization, in one mode. */
export type Reader = {
  readonly actor: Actor
  /** Who of the account's members this is: a Lite seat sees this member's wallets. Null: none of them. */
  readonly memberId: string | null
  readonly organization: { readonly id: string; readonly slug: string; readonly name: string }
  readonly account: {
    readonly id: string
    readonly mode: Mode
    readonly externalId: string
    readonly timeZone: string
    /** Where its test clock stands; null: real time. */
    readonly clockAt: Date | null
  }
}

/** A wallet that a reader may see. `book` is null while nothing was ever written to it. */
export type ReadWallet = { readonly asset: Asset; readonly book: Book | null }

/** The wallets that a reader may see: the one of the default asset (of a Lite member's own, where there is none in it, the first), then the others. */
export type ReadWallets = {
  readonly catalogue: Catalogue
  /** Whether these are the pool's, which purchases go to. */
  readonly seesPool: boolean
  readonly main: ReadWallet
  readonly others: readonly ReadWallet[]
}

/** The asset that the overview is about. */
const DEFAULT_ASSET = 'credit'

/** The wallets of the reader's account with their open grants, one row per wallet, whatever its age; see `visibleWallets`. */
export async function readWallets(reader: Reader): Promise<ReadWallets> {
  const [catalogue, books] = await Promise.all([readCatalogue(reader.account.mode), readOwnBooks(reader)])
  return visibleWallets(reader, catalogue, books)
}

async function readOwnBooks({ actor, memberId, organization, account }: Reader): Promise<readonly Book[]> {
  if (can(actor, 'pool:read', { organizationId: organization.id })) return readBooksOf(account.id, null)
  return memberId === null ? [] : readBooksOf(account.id, memberId)
}

/** A Lite seat sees its own wallets and nothing of the pool; everybody else sees the pool. */
export function visibleWallets(
  { actor, memberId, organization }: Pick<Reader, 'actor' | 'memberId' | 'organization'>,
  catalogue: Catalogue,
  books: readonly Book[],
): ReadWallets {
  const seesPool = can(actor, 'pool:read', { organizationId: organization.id })
  const visible = books.filter(({ wallet: { memberId: owner } }) =>
    seesPool ? owner === null : owner !== null && owner === memberId,
  )
  const found = visible.map((book): ReadWallet => ({ asset: assetOf(catalogue, book.wallet.assetCode), book }))
  const isMain = ({ asset }: ReadWallet) => asset.code === DEFAULT_ASSET
  const first = found.find(isMain) ?? (seesPool ? undefined : found[0])
  const main = first ?? { asset: assetOf(catalogue, DEFAULT_ASSET), book: null }
  return { catalogue, seesPool, main, others: found.filter((wallet) => wallet !== main) }
}

/** The visible wallet with this id, or null. */
export function walletWithId({ main, others }: ReadWallets, walletId: string): ReadWallet | null {
  return [main, ...others].find(({ book }) => book?.wallet.id === walletId) ?? null
}

function assetOf({ assets }: Catalogue, code: string): Asset {
  const asset = assets.get(code)
  if (asset === undefined) throw new Error(`asset ${code} is not in the catalogue`)
  return asset
}
