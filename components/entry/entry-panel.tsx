import { Panel } from '@/components/ui/panel'
import type { EntryExplanationDto } from '@/lib/analytics/history-contract'
import { EntryExplanation, explanationTitle } from './entry-explanation'

/** The explanation beside the list it was opened from, for the intercepted route. */
export function EntryPanel({ explanation }: { readonly explanation: EntryExplanationDto }) {
  const title = explanationTitle(explanation)
  return (
    <Panel label={title}>
      <h2 className="mb-4 text-xl">{title}</h2>
      <EntryExplanation explanation={explanation} />
    </Panel>
  )
}
