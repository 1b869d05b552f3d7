import { Check } from 'lucide-react'
import { organizationRoute } from '@/components/layout/organization-route'
import { Card } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import { LinkButton } from '@/components/ui/link-button'
import type { OverviewDto } from '@/lib/analytics/contract'

/** The way from a new account to the first charge. Each step turns into a tick by itself when it is done. */
export function SetupChecklist({ overview }: { readonly overview: OverviewDto }) {
  const { setup, rights, organization } = overview
  const done = [setup.hasCredits, setup.hasCard, setup.hasKey, setup.hasEvent].filter(Boolean).length
  return (
    <Card title="Get started" aside={<span className="text-muted text-sm">{done} of 4 done</span>}>
      <ol className="flex flex-col gap-4">
        <Step number={1} title="Add credits" isDone={setup.hasCredits}>
          {rights.canBuy ? (
            <LinkButton href={organizationRoute(organization.slug, '/buy')} size="small">
              Buy credits
            </LinkButton>
          ) : (
            <p className="text-muted">Only owners and admins can buy credits.</p>
          )}
        </Step>
        <Step number={2} title="Save a card" isDone={setup.hasCard}>
          <p className="text-muted">
            Tick “Save this card” when you buy. It is used for auto-recharge only if you turn that on.
          </p>
        </Step>
        <Step number={3} title="Get an API key" isDone={setup.hasKey}>
          <p className="text-muted">
            Your backend signs its requests with it. The operator of this server can make one.
          </p>
        </Step>
        <Step number={4} title="Send your first usage event" isDone={setup.hasEvent}>
          <p className="text-muted mb-2">
            {setup.hasCredits ? 'No usage yet. ' : ''}Run this; the step ticks itself when the event arrives.
          </p>
          <CodeBlock label="First usage event" code={setup.curl} />
        </Step>
      </ol>
    </Card>
  )
}

type StepProps = {
  readonly number: number
  readonly title: string
  readonly isDone: boolean
  readonly children: React.ReactNode
}

function Step({ number, title, isDone, children }: StepProps) {
  return (
    <li className="flex gap-3">
      <span
        aria-hidden
        className={`grid size-6 shrink-0 place-items-center rounded-full text-sm font-medium ${isDone ? 'bg-positive-tint text-positive' : 'bg-surface-2 text-muted'}`}
      >
        {isDone ? <Check className="size-3.5" /> : number}
      </span>
      <div className="min-w-0 flex-1">
        <h3 className={`mb-1 text-base leading-6 ${isDone ? 'text-muted' : ''}`}>
          {title}
          {isDone && <span className="sr-only"> (done)</span>}
        </h3>
        {!isDone && children}
      </div>
    </li>
  )
}
