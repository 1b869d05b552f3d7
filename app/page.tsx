import { redirect } from 'next/navigation'

import { homePath, requirePerson } from '@/lib/auth/viewer'

/** The bare address leads everybody to where they start. */
export default async function HomePage() {
  const person = await requirePerson('/')
  redirect(await homePath(person.id))
}
