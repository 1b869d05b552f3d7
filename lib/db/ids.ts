import 'server-only'

import { TypeID, typeid } from 'typeid-js'

/** The prefixes that ids carry outside the database (api.md). Inside they are plain UUIDs of version 7, ordered by time. */
export type IdPrefix =
  'org' | 'wal' | 'grt' | 'ent' | 'hld' | 'run' | 'pay' | 'key' | 'prc' | 'crd' | 'usr' | 'mem' | 'inv' | 'acc' | 'eml'

/** A new id: a UUID of version 7, made by the application, rising with time. */
export function newId(): string {
  return typeid().toUUID()
}

/** When an id was made, in real time: the first 48 bits of a UUID of version 7 are milliseconds. */
export function madeAt(uuid: string): Date {
  return new Date(parseInt(uuid.replaceAll('-', '').slice(0, 12), 16))
}

/** An id as the outside world sees it: its prefix and the UUID in base 32. */
export function showId(prefix: IdPrefix, uuid: string): string {
  return TypeID.fromUUID(prefix, uuid).toString()
}

/** The UUID behind an outside id, or null when the text is not an id of that prefix. */
export function readId(prefix: IdPrefix, text: string): string | null {
  try {
    return TypeID.fromString(text, prefix).toUUID()
  } catch {
    return null
  }
}
