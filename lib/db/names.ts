import 'server-only'

import type { Mode } from '@/lib/auth/rules/actor'

import { query } from './pool'

const PEOPLE = 'SELECT id, name, email FROM app_user WHERE id = ANY($1::uuid[])'
const KEYS = 'SELECT id, name FROM api_key WHERE id = ANY($1::uuid[])'
const OWNERS = `SELECT u.name FROM membership m JOIN app_user u ON u.id = m.user_id
  WHERE m.organization_id = $1 AND m.role = 'owner' AND u.name <> '' ORDER BY u.name LIMIT 5`
const ACTORS_LIKE = `SELECT 'user:' || u.id AS actor FROM membership m JOIN app_user u ON u.id = m.user_id
  WHERE m.organization_id = $1 AND strpos(lower(u.name), $3) > 0
  UNION ALL SELECT 'key:' || k.id FROM api_key k WHERE k.mode = $2 AND strpos(lower(k.name), $3) > 0
  LIMIT 100`

/** The names of people by id; the e-mail address of those who gave none. */
export async function readPeopleNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await query(PEOPLE, [ids])
  return new Map(
    rows.map((row) => [
      row['id'] as string,
      (row['name'] as string).trim() === '' ? (row['email'] as string) : (row['name'] as string),
    ]),
  )
}

/** The names of API keys by id. */
export async function readKeyNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  return new Map((await query(KEYS, [ids])).map((row) => [row['id'] as string, row['name'] as string]))
}

/** The actors, as the journal records them, of members and API keys whose name contains this text. At most 100. */
export async function findActorsNamed(organizationId: string, mode: Mode, text: string): Promise<readonly string[]> {
  const rows = await query(ACTORS_LIKE, [organizationId, mode, text.toLowerCase()])
  return rows.map((row) => row['actor'] as string)
}

/** The names of an organization's owners, at most five. */
export async function readOwnerNames(organizationId: string): Promise<readonly string[]> {
  const rows = await query(OWNERS, [organizationId])
  return rows.map((row) => row['name'] as string)
}
