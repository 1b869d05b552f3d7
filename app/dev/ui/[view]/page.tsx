import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { connection } from 'next/server'
import { isSandbox } from '@/lib/env'
import { VIEWS } from '../views'

export const metadata: Metadata = { title: 'Gallery' }

/** One page in one state, in one theme: `/dev/ui/overview-low?theme=dark`. Sandbox mode only. */
export default async function GalleryView({ params, searchParams }: PageProps<'/dev/ui/[view]'>) {
  await connection()
  if (!isSandbox()) notFound()
  const view = VIEWS.get((await params).view)
  if (view === undefined) notFound()
  const { theme } = await searchParams
  return <div data-theme={theme === 'dark' ? 'dark' : 'light'}>{view()}</div>
}
