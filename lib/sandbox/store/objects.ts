import type { PoolClient } from 'pg'
import { invalidRequest } from '../http/refusal'
import type { HiddenShapes } from '../hidden-shapes'
import type { Kind, Shapes } from '../shapes'

/** A stored object: what the wire shows, and what only the sandbox knows. */
export type Stored<K extends Kind> = { data: Shapes[K]; hidden: HiddenShapes[K] }

/** How to find objects of one kind: equal fields, a window of creation times, and a cursor. Newest first. */
export type Query = {
  equals?: Readonly<Record<string, string | undefined>>
  anyOf?: Readonly<Record<string, readonly string[] | undefined>>
  created?:
    { gte?: number | undefined; gt?: number | undefined; lte?: number | undefined; lt?: number | undefined } | undefined
  limit: number
  starting_after?: string | undefined
  ending_before?: string | undefined
}

/** A page of a list as Stripe answers it. */
export type ListShape<Entry> = { object: 'list'; url: string; has_more: boolean; data: Entry[] }

/** Keeps a new object. */
export async function insertObject<K extends Kind>(
  tx: PoolClient,
  kind: K,
  data: Shapes[K],
  hidden: HiddenShapes[K],
): Promise<void> {
  await tx.query('INSERT INTO stripe_sandbox.object (id, kind, created, data, hidden) VALUES ($1, $2, $3, $4, $5)', [
    data.id,
    kind,
    data.created,
    JSON.stringify(data),
    JSON.stringify(hidden),
  ])
}

/** Reads one object, or null. With `lock`, nobody else changes it until the transaction ends. */
export async function findObject<K extends Kind>(
  tx: PoolClient,
  kind: K,
  id: string,
  lock: 'lock' | 'read' = 'read',
): Promise<Stored<K> | null> {
  const { rows } = await tx.query<Stored<K>>(
    `SELECT data, hidden FROM stripe_sandbox.object WHERE id = $1 AND kind = $2 ${lock === 'lock' ? 'FOR UPDATE' : ''}`,
    [id, kind],
  )
  return rows[0] ?? null
}

/** Keeps an object's new state. The caller holds its lock. */
export async function saveObject<K extends Kind>(tx: PoolClient, stored: Stored<K>): Promise<void> {
  await tx.query('UPDATE stripe_sandbox.object SET data = $2, hidden = $3 WHERE id = $1', [
    stored.data.id,
    JSON.stringify(stored.data),
    JSON.stringify(stored.hidden),
  ])
}

/** Lists objects of one kind, newest first, as a Stripe list. Throws a Refusal for an unknown cursor. */
export async function listObjects<K extends Kind>(
  tx: PoolClient,
  kind: K,
  url: string,
  query: Query,
): Promise<ListShape<Shapes[K]>> {
  const values: unknown[] = [kind]
  const conditions = ['kind = $1']
  const bind = (value: unknown) => `$${values.push(value)}`
  for (const [field, value] of Object.entries(query.equals ?? {})) {
    if (value !== undefined) conditions.push(`data->>'${field}' = ${bind(value)}`)
  }
  for (const [field, choices] of Object.entries(query.anyOf ?? {})) {
    if (choices !== undefined) conditions.push(`data->>'${field}' = ANY(${bind(choices)})`)
  }
  for (const [name, operator] of [
    ['gte', '>='],
    ['gt', '>'],
    ['lte', '<='],
    ['lt', '<'],
  ] as const) {
    const value = query.created?.[name]
    if (value !== undefined) conditions.push(`created ${operator} ${bind(value)}`)
  }
  const backwards = query.ending_before !== undefined
  const cursor = query.starting_after ?? query.ending_before
  if (cursor !== undefined) {
    const at = await sequenceOf(tx, kind, cursor, backwards ? 'ending_before' : 'starting_after')
    conditions.push(`sequence ${backwards ? '>' : '<'} ${bind(at)}`)
  }
  const { rows } = await tx.query<{ data: Shapes[K] }>(
    `SELECT data FROM stripe_sandbox.object WHERE ${conditions.join(' AND ')}
     ORDER BY sequence ${backwards ? 'ASC' : 'DESC'} LIMIT ${bind(query.limit + 1)}`,
    values,
  )
  const data = rows.slice(0, query.limit).map((row) => row.data)
  return { object: 'list', url, has_more: rows.length > query.limit, data: backwards ? data.reverse() : data }
}

async function sequenceOf(tx: PoolClient, kind: Kind, id: string, param: string): Promise<string> {
  const { rows } = await tx.query<{ sequence: string }>(
    'SELECT sequence FROM stripe_sandbox.object WHERE id = $1 AND kind = $2',
    [id, kind],
  )
  const found = rows[0]
  if (found === undefined) throw invalidRequest(`No such ${kind}: '${id}'`, 'resource_missing', param)
  return found.sequence
}
