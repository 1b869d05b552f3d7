'use client'

import { useEffect } from 'react'

/** Notes in the address that the result was seen, so that loading the page again says "Already added". */
export function SeenMark() {
  useEffect(() => {
    const address = new URL(window.location.href)
    address.searchParams.set('seen', '1')
    window.history.replaceState(window.history.state, '', address)
  }, [])
  return null
}
