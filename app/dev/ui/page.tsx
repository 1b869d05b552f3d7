import type { Metadata, Route } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { connection } from 'next/server'
import { isSandbox } from '@/lib/env'
import { KIT } from './kit/kit'
import { VIEWS } from './views'

export const metadata: Metadata = { title: 'Interface gallery' }

const THEMES = ['light', 'dark'] as const

/** Every component in every state, both themes side by side, and links to every page in every state. Sandbox mode only. */
export default async function Gallery() {
  await connection()
  if (!isSandbox()) notFound()
  return (
    <main id="content" tabIndex={-1} className="mx-auto max-w-[90rem] px-4 py-8">
      <h1 className="text-2xl">Interface gallery</h1>
      <p className="text-muted mt-1">Every component in every state, in both themes.</p>
      <section className="mt-8">
        <h2 className="text-xl">Pages</h2>
        <ul className="mt-3 grid gap-x-6 sm:grid-cols-2 lg:grid-cols-4">
          {[...VIEWS.keys()].map((view) => (
            <li key={view} className="border-line flex min-h-8 items-center justify-between gap-3 border-b">
              <span>{view}</span>
              <span className="flex gap-3">
                {THEMES.map((theme) => (
                  <Link
                    key={theme}
                    href={`/dev/ui/${view}?theme=${theme}` as Route}
                    prefetch={false}
                    className="text-accent inline-flex min-h-6 items-center hover:underline"
                  >
                    {theme} <span className="sr-only">{view}</span>
                  </Link>
                ))}
              </span>
            </li>
          ))}
        </ul>
      </section>
      {KIT.map(({ title, render }) => (
        <section key={title} className="mt-10">
          <h2 className="mb-3 text-xl">{title}</h2>
          <div className="grid gap-4 xl:grid-cols-2">
            {THEMES.map((theme) => (
              <div
                key={theme}
                data-theme={theme}
                className="rounded-card border-line flex min-w-0 flex-col gap-5 border p-4 sm:p-6"
              >
                {render(theme)}
              </div>
            ))}
          </div>
        </section>
      ))}
    </main>
  )
}
