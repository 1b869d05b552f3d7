import { SignInView } from '@/components/sign-in/sign-in-view'
import { doNothing, refuseForm } from './fixtures/actions'

const PERSONAS = [
  { id: 'owner', name: 'Ana Ruiz', role: 'Owner of Acme Robotics', description: 'Buys credits and sees everything' },
  { id: 'admin', name: 'Raj Patel', role: 'Admin', description: 'Manages cards, limits and members' },
  { id: 'member', name: 'Mia Chen', role: 'Member', description: 'Sees balance and history, spends from the pool' },
  { id: 'lite', name: 'Leo Sato', role: 'Member, Lite', description: 'Spends only a monthly allocation' },
  { id: 'operator', name: 'Olga Brandt', role: 'Operator', description: 'Runs this installation' },
] as const

/** The sign-in page with every way in. */
export function GallerySignIn({
  personas = false,
  problem,
}: {
  readonly personas?: boolean
  readonly problem?: string
}) {
  return (
    <SignInView
      callbackUrl="/"
      problem={problem ?? null}
      emailAction={refuseForm}
      passwordAction={refuseForm}
      providers={personas ? [] : [{ id: 'github', label: 'GitHub' }]}
      providerAction={doNothing}
      personas={personas ? PERSONAS : []}
      personaAction={doNothing}
    />
  )
}
