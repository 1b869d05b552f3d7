'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { useId, useSyncExternalStore } from 'react'
import { THEME_COOKIE } from './theme'

type Theme = 'light' | 'dark' | 'system'

const CHOICES = [
  { theme: 'light', label: 'Light', icon: Sun },
  { theme: 'dark', label: 'Dark', icon: Moon },
  { theme: 'system', label: 'System', icon: Monitor },
] as const

const YEAR_SECONDS = 31_536_000

/** Light, dark, or as the system says. Kept in a cookie and applied at once. */
export function ThemeToggle() {
  const name = useId()
  const current = useSyncExternalStore(onThemeChange, readTheme, () => 'system' as const)
  return (
    <fieldset>
      <legend className="text-muted mb-1 text-sm">Theme</legend>
      <div className="rounded-control border-line flex border p-0.5">
        {CHOICES.map(({ theme, label, icon: Icon }) => (
          <label
            key={theme}
            className="text-muted has-checked:bg-surface-2 has-checked:text-ink has-focus-visible:outline-accent relative flex h-9 flex-1 items-center justify-center gap-1.5 rounded-[4px] px-2 text-sm has-checked:font-medium has-focus-visible:outline-2"
          >
            <input
              type="radio"
              name={name}
              value={theme}
              checked={current === theme}
              onChange={() => chooseTheme(theme)}
              className="absolute inset-0 size-full opacity-0"
            />
            <Icon aria-hidden className="size-3.5" />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function readTheme(): Theme {
  const chosen = document.documentElement.dataset['theme']
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system'
}

function chooseTheme(theme: Theme) {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  const age = theme === 'system' ? 0 : YEAR_SECONDS
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${age}; samesite=lax`
}

function onThemeChange(notify: () => void) {
  const observer = new MutationObserver(notify)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}
