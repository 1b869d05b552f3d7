import 'server-only'

import { query, type Tx } from './pool'

/** Adds a link that signs in whoever reads the mail to this address. Only the hash of its token is kept. */
export async function insertSignInLink(
  tx: Tx,
  link: { readonly tokenHash: string; readonly email: string; readonly expiresAt: Date },
  now: Date,
): Promise<void> {
  await tx.query(`INSERT INTO sign_in_link (token_hash, email, created_at, expires_at) VALUES ($1, $2, $3, $4)`, [
    link.tokenHash,
    link.email,
    now,
    link.expiresAt,
  ])
}

/** Whether the link could still be used. Tells a page what to show; only `consumeSignInLink` decides. */
export async function isSignInLinkOpen(tokenHash: string, now: Date): Promise<boolean> {
  const rows = await query(
    `SELECT token_hash FROM sign_in_link WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2`,
    [tokenHash, now],
  )
  return rows.length === 1
}

/** Uses a link up and returns its e-mail address, in one statement: of two at once, one gets it. Null when used, expired or unknown. */
export async function consumeSignInLink(tokenHash: string, now: Date): Promise<string | null> {
  const [row] = await query(
    `UPDATE sign_in_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING email`,
    [tokenHash, now],
  )
  return (row?.['email'] as string | undefined) ?? null
}

/** Forgets links that ended before this instant. */
export async function deleteSignInLinksBefore(tx: Tx, instant: Date): Promise<void> {
  await tx.query(`DELETE FROM sign_in_link WHERE expires_at < $1`, [instant])
}
