'use client'

import { PageHeader } from '@/components/layout/page-header'
import { Button } from '@/components/ui/button'

/** A page of the organization failed for a reason nobody expected. The frame around it stands. */
export default function OrganizationErrorPage({
  error,
  retry,
}: {
  readonly error: unknown
  readonly retry: () => void
}) {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : null
  return (
    <>
      <PageHeader
        title="This page could not be loaded"
        lead="Nothing was changed and nothing was charged by opening it."
      />
      {digest !== null && <p className="mb-4">If it keeps happening, tell support this reference: {digest}.</p>}
      <Button onClick={retry}>Try again</Button>
    </>
  )
}
