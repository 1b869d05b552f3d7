import { TONE_SURFACE, type Tone } from './tone'

/** One word about the state of a thing. */
export function Badge({ tone = 'neutral', children }: { readonly tone?: Tone; readonly children: React.ReactNode }) {
  return (
    <span className={`inline-flex h-5 items-center gap-1 rounded-full px-2 text-xs font-medium ${TONE_SURFACE[tone]}`}>
      {children}
    </span>
  )
}
