export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger'

export type ButtonLook = {
  readonly variant?: ButtonVariant
  readonly size?: 'regular' | 'small'
  readonly isWide?: boolean
}

const VARIANTS: Readonly<Record<ButtonVariant, string>> = {
  primary: 'bg-accent-button text-on-fill hover:bg-accent-button-hover',
  secondary: 'border border-input-line bg-bg text-ink hover:bg-surface-1',
  quiet: 'text-ink hover:bg-surface-2',
  danger: 'bg-danger-button text-on-fill hover:brightness-110',
}

/** The classes of everything that looks like a button. Targets grow to 44 px on touch. */
export function buttonStyle({ variant = 'primary', size = 'regular', isWide = false }: ButtonLook): string {
  const box = size === 'regular' ? 'h-10 px-5 pointer-coarse:h-11' : 'h-8 px-3 text-sm pointer-coarse:h-11'
  return `relative inline-flex items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap transition-colors aria-disabled:cursor-progress ${box} ${isWide ? 'w-full' : ''} ${VARIANTS[variant]}`
}
