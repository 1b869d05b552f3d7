import 'server-only'

import { API_KEY_CHANNEL, findUsableApiKey, noteApiKeyUsed, type ApiKey } from '@/lib/db/api-keys'
import { listen, type Listening } from '@/lib/db/notices'

const TRUSTED_FOR_MS = 10_000
const NOTED_EVERY_MS = 60_000
const LISTEN_AGAIN_AFTER_MS = 1_000
const MOST_KEPT = 10_000

type Kept = { readonly key: ApiKey; readonly until: number }

/** Survives module reloads in development, and is shared by all bundles of one process. */
const holder = globalThis as typeof globalThis & { purserKeyCache?: KeyCache }
type KeyCache = ReturnType<typeof createKeyCache>

/** This process's cache of keys. */
export function keyCache(): KeyCache {
  holder.purserKeyCache ??= createKeyCache()
  return holder.purserKeyCache
}

/**
 * Keys looked up lately, by the hash of their secret. A key is trusted for 10 seconds at most, and forgotten at once when any
 * process revokes it. Unknown secrets are not kept, so nobody can fill the cache by guessing.
 */
function createKeyCache() {
  const kept = new Map<string, Kept>()
  const notedAt = new Map<string, number>()
  let revocations = 0
  let listening: Promise<Listening | null> | null = null
  let listenAgainAt = 0

  const forget = (keyId: string) => {
    revocations += 1
    for (const [hash, { key }] of kept) if (key.id === keyId) kept.delete(hash)
  }
  const lose = () => {
    listening = null
    kept.clear()
  }
  const ensureListening = (at: number) => {
    if (listening !== null || at < listenAgainAt) return
    listenAgainAt = at + LISTEN_AGAIN_AFTER_MS
    listening = listen(API_KEY_CHANNEL, forget, lose).catch(() => {
      lose()
      return null
    })
  }

  return {
    /** The key with this secret's hash, or null when there is none that can be used. */
    find: async (secretHash: string, now: Date): Promise<ApiKey | null> => {
      const at = now.getTime()
      const known = kept.get(secretHash)
      if (known !== undefined && at < known.until) return known.key
      ensureListening(at)
      const seenRevocations = revocations
      const key = await findUsableApiKey(secretHash)
      // A revocation that came in meanwhile may be of this very key: then it is looked up again next time.
      if (key === null || seenRevocations !== revocations) return key
      if (kept.size >= MOST_KEPT) kept.clear()
      kept.set(secretHash, { key, until: at + TRUSTED_FOR_MS })
      return key
    },
    /** Notes in the background, at most once a minute and process, that a key was used. Losing a note is harmless. */
    noteUsed: (keyId: string, now: Date): void => {
      if (now.getTime() - (notedAt.get(keyId) ?? -Infinity) < NOTED_EVERY_MS) return
      if (notedAt.size >= MOST_KEPT) notedAt.clear()
      notedAt.set(keyId, now.getTime())
      noteApiKeyUsed(keyId, now).catch(() => notedAt.delete(keyId))
    },
    /** Stops listening and forgets everything. */
    close: async (): Promise<void> => {
      const open = await listening
      lose()
      listenAgainAt = 0
      await open?.stop()
    },
  }
}
