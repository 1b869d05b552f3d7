import 'server-only'

import type { Mode } from '@/lib/auth/rules/actor'

import { readId } from './ids'
import { findAccountByExternalId, findAccountByOrganization, type Account } from './organizations'

/**
 * Short, because time zone and policy can change and usage must not be decided by old ones for longer than anyone notices. Ids never
 * change. Unknown names are not kept, so a customer exists for the API as soon as it was made.
 */
const KEPT_MS = 2_000
const MOST_KEPT = 10_000
const LONGEST_NAME = 128

const kept = new Map<string, { readonly account: Account; readonly until: number }>()

/** The account of this mode that a caller names by `org_…` or by external id, or null. */
export async function findAccountNamed(mode: Mode, name: string): Promise<Account | null> {
  if (name.length > LONGEST_NAME || name.includes('\u0000')) return null
  const organizationId = readId('org', name)
  return organizationId === null ? findAccountByExternalId(mode, name) : findAccountByOrganization(mode, organizationId)
}

/** The same from memory when it was asked for in the last 2 seconds: for usage, which names an account thousands of times a second. */
export async function recallAccountNamed(mode: Mode, name: string): Promise<Account | null> {
  const key = `${mode} ${name}`
  const at = performance.now()
  const known = kept.get(key)
  if (known !== undefined && at < known.until) return known.account
  const account = await findAccountNamed(mode, name)
  if (account === null) return null
  if (kept.size >= MOST_KEPT) kept.clear()
  kept.set(key, { account, until: at + KEPT_MS })
  return account
}
