'use client'

import { useSyncExternalStore } from 'react'
import { createLiveLink, NOTHING_YET, type LiveState } from './live-balance-link'

const links = new Map<string, ReturnType<typeof createLiveLink>>()

/** What the live link of an organization last said. Everything on a page shares one link. */
export function useLiveBalance(organization: string): LiveState {
  const link = linkTo(organization)
  return useSyncExternalStore(link.subscribe, link.getState, () => NOTHING_YET)
}

function linkTo(organization: string) {
  const existing = links.get(organization)
  if (existing !== undefined) return existing
  const created = createLiveLink(organization)
  links.set(organization, created)
  return created
}
