import 'server-only'

import { notFound } from 'next/navigation'

import { env, isSandbox } from '@/lib/env'

import { DEMO_PEOPLE, type DemoPerson } from './rules/demo-people'

/** What the sign-in page offers beside password and link. */
export type SignInMethods = {
  readonly github: boolean
  readonly google: boolean
  /** Empty outside the sandbox. */
  readonly demoPeople: readonly DemoPerson[]
}

/** The ways to sign in that this installation has. */
export function signInMethods(): SignInMethods {
  const { GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET } = env()
  return {
    github: GITHUB_CLIENT_ID !== undefined && GITHUB_CLIENT_SECRET !== undefined,
    google: GOOGLE_CLIENT_ID !== undefined && GOOGLE_CLIENT_SECRET !== undefined,
    demoPeople: isSandbox() ? DEMO_PEOPLE : [],
  }
}

/** The gate of every page under /dev: answers 404 where payments are real. */
export function requireSandbox(): void {
  if (!isSandbox()) notFound()
}
