import 'server-only'

import { newId } from './ids'
import { query, type Row, type Tx } from './pool'

/** A saved card, by what may be known of it. */
export type Card = {
  readonly id: string
  readonly stripePaymentMethodId: string
  /** As Stripe writes it: `visa`. */
  readonly brand: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
  readonly fingerprint: string | null
  readonly isDefault: boolean
}

const COLUMNS = 'id, stripe_payment_method_id, brand, last4, exp_month, exp_year, fingerprint, is_default'
const LIST = `SELECT ${COLUMNS} FROM card WHERE account_id = $1 AND removed_at IS NULL ORDER BY is_default DESC, created_at`
const BY_ID = `SELECT ${COLUMNS} FROM card WHERE account_id = $1 AND id = $2 AND removed_at IS NULL`
const DEFAULT = `SELECT ${COLUMNS} FROM card WHERE account_id = $1 AND is_default AND removed_at IS NULL`
const EVER = `SELECT ${COLUMNS} FROM card WHERE account_id = $1 AND id = $2`
const REMOVE =
  'UPDATE card SET removed_at = $3 WHERE account_id = $1 AND id = $2 AND removed_at IS NULL RETURNING is_default'
const WITHOUT_DEFAULT = 'UPDATE card SET is_default = false WHERE account_id = $1 AND is_default'
const MAKE_DEFAULT = 'UPDATE card SET is_default = true WHERE account_id = $1 AND id = $2 AND removed_at IS NULL'
/** The first card becomes the default. Call under the lock of the account's wallet, so that two are never first at once. */
const SAVE = `INSERT INTO card (account_id, id, stripe_payment_method_id, brand, last4, exp_month, exp_year, fingerprint, is_default, created_at)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8,
    NOT EXISTS (SELECT FROM card WHERE account_id = $1 AND is_default AND removed_at IS NULL), $9
  ON CONFLICT (account_id, stripe_payment_method_id) DO UPDATE
  SET exp_month = excluded.exp_month, exp_year = excluded.exp_year`

/** The saved cards of an account, the default one first. */
export async function listCards(accountId: string): Promise<readonly Card[]> {
  return (await query(LIST, [accountId])).map(readCard)
}

/** A saved card of an account, or null. */
export async function findCard(accountId: string, id: string): Promise<Card | null> {
  const [row] = await query(BY_ID, [accountId, id])
  return row === undefined ? null : readCard(row)
}

/** The card that is charged without a person, or null. */
export async function findDefaultCard(tx: Pick<Tx, 'query'>, accountId: string): Promise<Card | null> {
  const [row] = await tx.query(DEFAULT, [accountId])
  return row === undefined ? null : readCard(row)
}

/** A card of an account, also one that was removed: an attempt that was begun with it is ended with it. */
export async function findCardEver(accountId: string, id: string): Promise<Card | null> {
  const [row] = await query(EVER, [accountId, id])
  return row === undefined ? null : readCard(row)
}

/** Removes a card and says whether it was the default one. Null when it was removed before. */
export async function removeCardRow(
  tx: Tx,
  accountId: string,
  id: string,
  now: Date,
): Promise<{ readonly wasDefault: boolean } | null> {
  const [row] = await tx.query(REMOVE, [accountId, id, now])
  return row === undefined ? null : { wasDefault: row['is_default'] as boolean }
}

/** Makes a saved card the one that is charged without a person. */
export async function makeDefault(tx: Tx, accountId: string, id: string): Promise<void> {
  await tx.query(WITHOUT_DEFAULT, [accountId])
  await tx.query(MAKE_DEFAULT, [accountId, id])
}

/** Saves a card that Stripe keeps for this account; a card that is known already is brought up to date. */
export async function saveCard(
  tx: Tx,
  accountId: string,
  card: Omit<Card, 'id' | 'isDefault'>,
  now: Date,
): Promise<void> {
  const { stripePaymentMethodId, brand, last4, expMonth, expYear, fingerprint } = card
  await tx.query(SAVE, [accountId, newId(), stripePaymentMethodId, brand, last4, expMonth, expYear, fingerprint, now])
}

function readCard(row: Row): Card {
  return {
    id: row['id'] as string,
    stripePaymentMethodId: row['stripe_payment_method_id'] as string,
    brand: row['brand'] as string,
    last4: row['last4'] as string,
    expMonth: row['exp_month'] as number,
    expYear: row['exp_year'] as number,
    fingerprint: row['fingerprint'] as string | null,
    isDefault: row['is_default'] as boolean,
  }
}
