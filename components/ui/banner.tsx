import { CircleCheck, CircleX, Info, TriangleAlert } from 'lucide-react'
import { TONE_SURFACE, type Tone } from './tone'

const ICONS = { neutral: Info, accent: Info, positive: CircleCheck, warning: TriangleAlert, danger: CircleX } as const

type BannerProps = {
  readonly tone: Tone
  readonly title: string
  readonly children?: React.ReactNode
  /** What to do next. */
  readonly action?: React.ReactNode
}

/** A state that lasts until it is dealt with: what is the case, and what to do. */
export function Banner({ tone, title, children, action }: BannerProps) {
  const Icon = ICONS[tone]
  return (
    <section
      className={`rounded-card flex flex-wrap items-center gap-x-4 gap-y-3 border border-current/25 px-4 py-3 ${TONE_SURFACE[tone]}`}
    >
      <Icon aria-hidden className="size-5 shrink-0 self-start" />
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-semibold">{title}</p>
        {children !== undefined && <p className="text-ink">{children}</p>}
      </div>
      {action}
    </section>
  )
}
