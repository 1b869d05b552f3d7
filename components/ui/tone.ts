/** What a colour says. Always beside a word or an icon, never alone. */
export type Tone = 'neutral' | 'positive' | 'warning' | 'danger' | 'accent'

/** Text in its tone on its tint: each pair passes 5.5 : 1. */
export const TONE_SURFACE: Readonly<Record<Tone, string>> = {
  neutral: 'bg-surface-2 text-muted',
  positive: 'bg-positive-tint text-positive',
  warning: 'bg-warning-tint text-warning',
  danger: 'bg-danger-tint text-danger',
  accent: 'bg-accent-tint text-accent',
}
