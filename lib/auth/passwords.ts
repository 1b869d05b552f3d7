import 'server-only'

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** 32 MiB and about a tenth of a second per guess: OWASP's second recommendation for scrypt. */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const
const MEMORY_LIMIT = 64 * 1024 * 1024
const SALT_BYTES = 16
const HASH_BYTES = 32
const LONGEST = 256

/** The hash of a password with a salt of its own: `scrypt$N$r$p$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(password, salt, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/**
 * Whether this is the password behind a hash. With null (nobody, or somebody without a password) the same work is done and the
 * answer is no, so that the time says nothing about who has an account.
 */
export async function verifyPassword(password: string, passwordHash: string | null): Promise<boolean> {
  if (password.length > LONGEST) return false
  const stored = readHash(passwordHash)
  const hash = await derive(password, stored?.salt ?? Buffer.alloc(SALT_BYTES), stored?.cost ?? COST)
  return stored !== null && timingSafeEqual(hash, stored.hash)
}

type Cost = { readonly N: number; readonly r: number; readonly p: number }

function readHash(text: string | null): { readonly cost: Cost; readonly salt: Buffer; readonly hash: Buffer } | null {
  const [scheme, N, r, p, salt, hash] = (text ?? '').split('$')
  if (scheme !== 'scrypt' || salt === undefined || hash === undefined) return null
  const bytes = Buffer.from(hash, 'base64url')
  if (bytes.length !== HASH_BYTES) return null
  return { cost: { N: Number(N), r: Number(r), p: Number(p) }, salt: Buffer.from(salt, 'base64url'), hash: bytes }
}

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { ...cost, maxmem: MEMORY_LIMIT }, (error, hash) =>
      error === null ? resolve(hash) : reject(error),
    )
  })
}
