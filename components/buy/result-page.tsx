import { TONE_SURFACE, type Tone } from '@/components/ui/tone'

type ResultPageProps = {
  readonly icon: React.ComponentType<{ readonly className?: string }>
  readonly tone: Tone
  readonly title: string
  readonly children: React.ReactNode
  readonly details?: React.ReactNode
  /** What next. */
  readonly action?: React.ReactNode
}

/** One outcome: what happened, the figures, and what to do next. */
export function ResultPage({ icon: Icon, tone, title, children, details, action }: ResultPageProps) {
  return (
    <div className="mx-auto max-w-md py-4 sm:py-10">
      <span aria-hidden className={`mb-4 grid size-11 place-items-center rounded-full ${TONE_SURFACE[tone]}`}>
        <Icon className="size-6" />
      </span>
      <h1 className="text-2xl">{title}</h1>
      <p className="text-muted mt-2">{children}</p>
      {details !== undefined && <div className="rounded-card border-line mt-5 border px-4 py-1.5">{details}</div>}
      {action !== undefined && <div className="mt-6 flex flex-wrap gap-2">{action}</div>}
    </div>
  )
}
