import 'server-only'

import type { Mode } from '@/lib/auth/rules/actor'
import type { PolicyOverride } from '@/lib/organizations/rules/effective-policy'

import { newId } from './ids'
import { inTransaction, query, type Row, type Tx } from './pool'
import { prisma } from './prisma'

/** An organization in one mode: its billing account, with the organization's own name and address. */
export type Account = {
  readonly id: string
  readonly organizationId: string
  readonly slug: string
  readonly mode: Mode
  readonly externalId: string
  readonly name: string
  readonly email: string | null
  readonly timeZone: string
  readonly anchorDay: number
  readonly policy: PolicyOverride
  /** Where its test clock stands; null: real time. */
  readonly clockAt: Date | null
  /** The plan that it is on; null: none. */
  readonly planKey: string | null
  readonly stripeCustomerId: string | null
  readonly createdAt: Date
}

/** A billing account to be made. */
export type NewAccount = {
  readonly organizationId: string
  readonly mode: Mode
  readonly externalId: string
  readonly name: string
  readonly email: string | null
  readonly timeZone: string
}

const ACCOUNT = `SELECT account.id, account.organization_id, organization.slug, account.mode, account.external_id, account.name,
    account.email, account.time_zone, account.anchor_day, account.policy, account.clock_at, account.plan_key,
    account.stripe_customer_id, account.created_at
  FROM billing_account account JOIN organization ON organization.id = account.organization_id`

/** The billing account of this mode whose organization has this id (a UUID), or null. */
export async function findAccountByOrganization(mode: Mode, organizationId: string): Promise<Account | null> {
  return first(
    await query(`${ACCOUNT} WHERE account.organization_id = $1 AND account.mode = $2`, [organizationId, mode]),
  )
}

/** The billing account of this mode that the operator's backend calls by this external id, or null. */
export async function findAccountByExternalId(mode: Mode, externalId: string): Promise<Account | null> {
  return first(await query(`${ACCOUNT} WHERE account.external_id = $1 AND account.mode = $2`, [externalId, mode]))
}

/** The billing account with this id, or null. */
export async function findAccount(accountId: string): Promise<Account | null> {
  return first(await query(`${ACCOUNT} WHERE account.id = $1`, [accountId]))
}

/** The organization's name, or null when there is none with this id. */
export async function findOrganizationName(organizationId: string): Promise<string | null> {
  const found = await prisma().organization.findUnique({ where: { id: organizationId }, select: { name: true } })
  return found?.name ?? null
}

/** The operator's own settings, from which every account inherits; empty while nothing was set. */
export async function readOperatorPolicy(): Promise<PolicyOverride> {
  const setting = await prisma().operatorSetting.findUnique({ where: { id: 1 } })
  return (setting?.policy ?? {}) as PolicyOverride
}

/** Sets the operator's own settings if none were ever set, and says whether it did: all cached terms become stale. */
export async function addOperatorPolicy(policy: PolicyOverride, now: Date): Promise<boolean> {
  return inTransaction(async (tx) => {
    const added = await tx.query(
      `INSERT INTO operator_setting (id, policy, updated_at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING RETURNING id`,
      [JSON.stringify(policy), now],
    )
    if (added.length > 0) await tx.query('UPDATE billing_account SET terms_version = terms_version + 1')
    return added.length > 0
  })
}

/** Replaces the operator's own settings, from which every account inherits: all cached terms become stale. */
export async function writeOperatorPolicy(policy: PolicyOverride, now: Date): Promise<void> {
  await inTransaction(async (tx) => {
    await tx.query(
      `INSERT INTO operator_setting (id, policy, updated_at) VALUES (1, $1, $2)
       ON CONFLICT (id) DO UPDATE SET policy = EXCLUDED.policy, updated_at = EXCLUDED.updated_at`,
      [JSON.stringify(policy), now],
    )
    await tx.query('UPDATE billing_account SET terms_version = terms_version + 1')
  })
}

/** Sets the given values of an account's own policy; the others stay. One statement, so two changes at once are both kept. */
export async function mergeAccountPolicy(accountId: string, policy: PolicyOverride): Promise<Account | null> {
  await query(
    'UPDATE billing_account SET policy = policy || $2::jsonb, terms_version = terms_version + 1 WHERE id = $1',
    [accountId, JSON.stringify(policy)],
  )
  return findAccount(accountId)
}

/**
 * Lets one transaction at a time create what carries this external id, in both modes: otherwise a live and a test key at the
 * same moment would make two organizations of one customer. Held until the transaction ends.
 */
export async function lockExternalId(tx: Tx, externalId: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('organization:' || $1, 0))`, [externalId])
}

/** The accounts of both modes with this external id, read inside a transaction. */
export async function accountsWithExternalId(tx: Tx, externalId: string): Promise<readonly Account[]> {
  return (await tx.query(`${ACCOUNT} WHERE account.external_id = $1`, [externalId])).map(readAccount)
}

/** Every slug that begins like this one, to find one that is free. */
export async function slugsLike(tx: Tx, slug: string): Promise<ReadonlySet<string>> {
  const rows = await tx.query(`SELECT slug FROM organization WHERE slug = $1 OR starts_with(slug, $1 || '-')`, [slug])
  return new Set(rows.map((row) => row['slug'] as string))
}

/** Adds an organization. Null when somebody took the slug at the same moment. */
export async function insertOrganization(tx: Tx, slug: string, name: string, now: Date): Promise<string | null> {
  const rows = await tx.query(
    `INSERT INTO organization (id, slug, name, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (slug) DO NOTHING RETURNING id`,
    [newId(), slug, name, now],
  )
  return (rows[0]?.['id'] as string | undefined) ?? null
}

/** Adds a billing account and returns it. */
export async function insertAccount(tx: Tx, account: NewAccount, now: Date): Promise<Account> {
  const { organizationId, mode, externalId, name, email, timeZone } = account
  const id = newId()
  await tx.query(
    `INSERT INTO billing_account (id, organization_id, mode, external_id, name, email, time_zone, policy, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, '{}', $8)`,
    [id, organizationId, mode, externalId, name, email, timeZone, now],
  )
  const created = first(await tx.query(`${ACCOUNT} WHERE account.id = $1`, [id]))
  if (created === null) throw new Error('A billing account that was just added cannot be read.')
  return created
}

function first(rows: readonly Row[]): Account | null {
  const row = rows[0]
  return row === undefined ? null : readAccount(row)
}

function readAccount(row: Row): Account {
  return {
    id: row['id'] as string,
    organizationId: row['organization_id'] as string,
    slug: row['slug'] as string,
    mode: row['mode'] as Mode,
    externalId: row['external_id'] as string,
    name: row['name'] as string,
    email: row['email'] as string | null,
    timeZone: row['time_zone'] as string,
    anchorDay: row['anchor_day'] as number,
    policy: row['policy'] as PolicyOverride,
    clockAt: row['clock_at'] as Date | null,
    planKey: row['plan_key'] as string | null,
    stripeCustomerId: row['stripe_customer_id'] as string | null,
    createdAt: row['created_at'] as Date,
  }
}
