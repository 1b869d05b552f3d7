import 'server-only'

import { createHash } from 'node:crypto'

import type { PaymentPlace } from '@/lib/db/payments-read'

/**
 * A place between two rows of the history. Newer rows are the entries from `sequence` on and the payments from `payment` on; older rows
 * are all others. Rows that arrive meanwhile are newer than every place, so they shift nothing.
 */
export type HistoryPlace = { readonly sequence: bigint; readonly payment: PaymentPlace }

const CHECK_LENGTH = 16
const SHAPE = /^(\d{1,18})\.(\d{1,15})\.([0-9a-f-]{36})\.([\w-]{16})$/

/**
 * Writes a place for the address. `list` says which list it is a place of (account, wallet, filters); the check ties the two together,
 * so that a place that was cut off, changed, or taken from another list is not mistaken for one of this list. It is no secret: whoever
 * makes one up reads rows that they may read anyway.
 */
export function writeCursor(place: HistoryPlace, list: string): string {
  const text = `${place.sequence}.${place.payment.createdAt.getTime()}.${place.payment.id}`
  return Buffer.from(`${text}.${checkOf(text, list)}`).toString('base64url')
}

/** The place that a cursor names in this list, or null when it names none. */
export function readCursor(cursor: string, list: string): HistoryPlace | null {
  const match = SHAPE.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  if (match === null) return null
  const [, sequence = '', createdAt = '', id = '', check = ''] = match
  if (check !== checkOf(`${sequence}.${createdAt}.${id}`, list)) return null
  return { sequence: BigInt(sequence), payment: { createdAt: new Date(Number(createdAt)), id } }
}

function checkOf(text: string, list: string): string {
  return createHash('sha256').update(`history ${list} ${text}`).digest('base64url').slice(0, CHECK_LENGTH)
}
