import { organizationRoute } from '@/components/layout/organization-route'
import { PageHeader } from '@/components/layout/page-header'
import type { EntryExplanationDto } from '@/lib/analytics/history-contract'
import { EntryExplanation, explanationTitle } from './entry-explanation'

/** The explanation as a page of its own: deep links, narrow screens, no JavaScript. */
export function EntryView({ explanation }: { readonly explanation: EntryExplanationDto }) {
  return (
    <div className="max-w-2xl">
      <PageHeader
        title={explanationTitle(explanation)}
        back={{ href: organizationRoute(explanation.organization.slug, '/history'), label: 'Credit history' }}
      />
      <EntryExplanation explanation={explanation} />
    </div>
  )
}
