'use server'

import type { Route } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'

import type { FormState } from '@/components/ui/form-state'
import { networkAddress } from '@/lib/auth/rules/network-address'
import { safeReturnPath } from '@/lib/auth/rules/return-path'
import { signIn, startOutsideSignIn } from '@/lib/auth/sign-in'
import { systemClock } from '@/lib/clock'
import { refusal } from '@/lib/http/refusal'
import { requestSignInLink } from '@/lib/notifications/request-sign-in-link'
import { emailSchema } from '@/lib/organizations/contract'

/** E-mail and password. Says the same for an unknown address and a wrong password. */
export async function passwordAction(_previous: FormState, form: FormData): Promise<FormState> {
  const email = text(form, 'email')
  const password = text(form, 'password')
  const values = { email }
  if (email === '') return { errors: [{ path: 'email', message: 'Give your e-mail address.' }], values }
  if (password === '') return { errors: [{ path: 'password', message: 'Give your password.' }], values }
  const signedIn = await signIn({ kind: 'password', email, password })
  if (signedIn.ok) redirect(destination(form))
  if (signedIn.error.code !== 'unauthenticated') return { ...refusal(signedIn.error), values }
  return { message: 'This e-mail address and password do not match. Try again, or ask for a sign-in link.', values }
}

/** Mails a link. Says the same for known and unknown addresses. */
export async function emailAction(_previous: FormState, form: FormData): Promise<FormState> {
  const given = text(form, 'email')
  const email = emailSchema.safeParse(given)
  if (!email.success) {
    return {
      errors: [{ path: 'email', message: 'Give an e-mail address such as ana@example.com.' }],
      values: { email: given },
    }
  }
  const address = networkAddress(Object.fromEntries(await headers()))
  const sent = await requestSignInLink(
    { email: email.data, next: safeReturnPath(form.get('callbackUrl')), address },
    systemClock,
  )
  if (!sent.ok) return { ...refusal(sent.error), values: { email: given } }
  redirect(`/sign-in/check-email?email=${encodeURIComponent(email.data)}`)
}

/** One click signs in as a person of the sample data. Refused outside the sandbox. */
export async function personaAction(form: FormData): Promise<void> {
  const signedIn = await signIn({ kind: 'demo', person: text(form, 'persona') })
  redirect(signedIn.ok ? destination(form) : '/sign-in?error=demo')
}

/** Leads to GitHub or Google. */
export async function providerAction(form: FormData): Promise<void> {
  const provider = text(form, 'provider') === 'google' ? 'google' : 'github'
  const address = await startOutsideSignIn(provider, safeReturnPath(form.get('callbackUrl')))
  redirect((address ?? '/sign-in?error=OAuthSignin') as Route)
}

/** Uses a mailed link up. */
export async function linkAction(form: FormData): Promise<void> {
  const signedIn = await signIn({ kind: 'link', token: text(form, 'token') })
  redirect(signedIn.ok ? destination(form) : '/sign-in?error=link')
}

function destination(form: FormData): Route {
  return (safeReturnPath(form.get('callbackUrl')) ?? '/') as Route
}

function text(form: FormData, field: string): string {
  const value = form.get(field)
  return typeof value === 'string' ? value.slice(0, 1_000) : ''
}
