import type { Mode } from '@/lib/auth/rules/actor'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 62^43 is more than 2^256, so 43 characters hold any 32 bytes. */
const LENGTH = 43
const SHOWN = 4
const SECRET = /^sk_(?:test|live)_[0-9A-Za-z]{43}$/

/** The secret of an API key from 32 random bytes: `sk_test_` or `sk_live_` and 43 characters of base 62. */
export function keySecret(mode: Mode, bytes: Uint8Array): string {
  let number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  let text = ''
  for (let place = 0; place < LENGTH; place += 1) {
    text = (ALPHABET[Number(number % 62n)] ?? '') + text
    number /= 62n
  }
  return `sk_${mode}_${text}`
}

/** The part of a secret that may be shown to recognise it by. */
export function keyPrefix(secret: string): string {
  return secret.slice(0, 'sk_test_'.length + SHOWN)
}

/** Whether a text can be a secret at all, before anything is looked up. */
export function looksLikeKeySecret(text: string): boolean {
  return SECRET.test(text)
}
