import 'server-only'

import type { Mode } from '@/lib/auth/rules/actor'

import { readId } from './ids'
import { findAccountByExternalId, findAccountByOrganization, type Account } from './organizations'
import { query, type Row } from './pool'

/** What of an account never changes: whatever else decides about its usage is read where it is decided. */
export type NamedAccount = Pick<Account, 'id' | 'organizationId' | 'mode' | 'slug'>

/** Unknown names are not kept, so a customer exists for the API as soon as it was made. */
const KEPT_MS = 60_000
const MOST_KEPT = 10_000
const LONGEST_NAME = 128

const BY_NAMES = `SELECT account.id, account.organization_id, account.mode, organization.slug, account.external_id AS name
  FROM billing_account account JOIN organization ON organization.id = account.organization_id
  WHERE account.mode = $1 AND account.external_id = ANY($2)
  UNION ALL
  SELECT account.id, account.organization_id, account.mode, organization.slug, account.organization_id::text
  FROM billing_account account JOIN organization ON organization.id = account.organization_id
  WHERE account.mode = $1 AND account.organization_id = ANY($3)`

const kept = new Map<string, { readonly account: NamedAccount; readonly until: number }>()

/** The account of this mode that a caller names by `org_…` or by external id, or null. */
export async function findAccountNamed(mode: Mode, name: string): Promise<Account | null> {
  if (!isName(name)) return null
  const organizationId = readId('org', name)
  return organizationId === null ? findAccountByExternalId(mode, name) : findAccountByOrganization(mode, organizationId)
}

/**
 * Those of some accounts that exist, by the names that a caller gives them: from memory when asked for in the last minute, the others in one
 * look. For usage, which names accounts thousands of times a second.
 */
export async function recallAccountsNamed(
  mode: Mode,
  names: readonly string[],
): Promise<ReadonlyMap<string, NamedAccount>> {
  const at = performance.now()
  const found = new Map<string, NamedAccount>()
  const unknown: string[] = []
  for (const name of new Set(names)) {
    const known = kept.get(keyOf(mode, name))
    if (known !== undefined && at < known.until) found.set(name, known.account)
    else if (isName(name)) unknown.push(name)
  }
  if (unknown.length === 0) return found
  const looked = await lookUp(mode, unknown)
  if (kept.size + looked.size > MOST_KEPT) kept.clear()
  for (const [name, account] of looked) {
    kept.set(keyOf(mode, name), { account, until: at + KEPT_MS })
    found.set(name, account)
  }
  return found
}

async function lookUp(mode: Mode, names: readonly string[]): Promise<ReadonlyMap<string, NamedAccount>> {
  const organizationIds = new Map(names.map((name) => [name, readId('org', name)]))
  const externalIds = names.filter((name) => organizationIds.get(name) === null)
  const uuids = names.flatMap((name) => organizationIds.get(name) ?? [])
  const rows = new Map((await query(BY_NAMES, [mode, externalIds, uuids])).map((row) => [row['name'] as string, row]))
  return new Map(
    names.flatMap((name): [string, NamedAccount][] => {
      const row = rows.get(organizationIds.get(name) ?? name)
      return row === undefined ? [] : [[name, readNamed(row)]]
    }),
  )
}

function readNamed(row: Row): NamedAccount {
  return {
    id: row['id'] as string,
    organizationId: row['organization_id'] as string,
    mode: row['mode'] as Mode,
    slug: row['slug'] as string,
  }
}

function isName(name: string): boolean {
  return name.length <= LONGEST_NAME && !name.includes('\u0000')
}

function keyOf(mode: Mode, name: string): string {
  return `${mode} ${name}`
}
