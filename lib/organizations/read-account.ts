import 'server-only'

import { findAccount, type Account } from '@/lib/db/organizations'

/** A billing account whose id the caller has from its own gate. Throws when it is gone. */
export async function readAccount(accountId: string): Promise<Account> {
  const account = await findAccount(accountId)
  if (account === null) throw new Error(`billing account ${accountId} does not exist`)
  return account
}
