import 'server-only'

import type { Mode } from '@/lib/auth/rules/actor'
import {
  accountsWithExternalId,
  insertAccount,
  insertOrganization,
  lockExternalId,
  slugsLike,
  type Account,
} from '@/lib/db/organizations'
import type { Tx } from '@/lib/db/pool'

import { freeSlug, slugOf } from './rules/slug'

/** What the operator's backend says about a customer. */
export type AccountDetails = {
  readonly externalId: string
  readonly name: string
  readonly email: string | null
  readonly timeZone: string
  /** The address wished for; made from the name when there is none. */
  readonly slug?: string
}

const SLUG_ATTEMPTS = 5

/**
 * The billing account of a mode with this external id, made now unless it exists. A customer known in the other mode gets its
 * second account; an unknown one gets an organization too. Serialized per external id until the transaction ends.
 */
export async function ensureAccount(
  tx: Tx,
  mode: Mode,
  details: AccountDetails,
  now: Date,
): Promise<{ readonly account: Account; readonly created: boolean }> {
  await lockExternalId(tx, details.externalId)
  const known = await accountsWithExternalId(tx, details.externalId)
  const existing = known.find((account) => account.mode === mode)
  if (existing !== undefined) return { account: existing, created: false }
  const organizationId = known[0]?.organizationId ?? (await addOrganization(tx, details, now))
  return { account: await insertAccount(tx, { organizationId, mode, ...details }, now), created: true }
}

async function addOrganization(tx: Tx, { name, slug }: AccountDetails, now: Date): Promise<string> {
  const wish = slugOf(slug ?? name)
  for (let attempt = 1; attempt <= SLUG_ATTEMPTS; attempt += 1) {
    const id = await insertOrganization(tx, freeSlug(wish, await slugsLike(tx, wish)), name, now)
    if (id !== null) return id
  }
  throw new Error(`No free slug like ${wish} after ${SLUG_ATTEMPTS} attempts.`)
}
