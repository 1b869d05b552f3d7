import 'server-only'

import { createHash, randomBytes } from 'node:crypto'

const TOKEN_BYTES = 32

/** A secret of 256 random bits, safe in an address. Shown or mailed once; the database keeps `hashSecret` of it. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

/** SHA-256 in hexadecimal. Enough for secrets of 256 random bits; passwords are hashed slowly instead, in lib/auth. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex')
}
