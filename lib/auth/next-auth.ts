import 'server-only'

import NextAuth from 'next-auth'
import { cookies } from 'next/headers'
import { NextRequest, NextResponse } from 'next/server'

import { env } from '@/lib/env'

import { authOptions } from './options'

/** A request to /api/auth, answered by next-auth. */
export async function answerAuthRequest(request: NextRequest, path: readonly string[]): Promise<Response> {
  const response: unknown = await NextAuth(request, { params: { nextauth: [...path] } }, authOptions())
  if (!(response instanceof Response)) throw new Error('next-auth did not answer with a response.')
  return response
}

/**
 * Asks next-auth from a server action or route handler, as the browser's forms would, and sets the cookies that it answers.
 * So sign-in works without JavaScript and there is one door: the same checks, the same cookies.
 */
export async function askNextAuth(
  path: readonly string[],
  fields?: Readonly<Record<string, string>>,
): Promise<Response> {
  const address = new URL(`/api/auth/${path.join('/')}`, env().APP_URL)
  const form = fields === undefined ? {} : { method: 'POST', body: new URLSearchParams(fields) }
  const response = await answerAuthRequest(new NextRequest(address, form), path)
  const jar = await cookies()
  for (const cookie of new NextResponse(null, { headers: response.headers }).cookies.getAll()) jar.set(cookie)
  return response
}

/** As `askNextAuth` with a form: fetches the token first that next-auth wants back in every form. */
export async function postToNextAuth(
  path: readonly string[],
  fields: Readonly<Record<string, string>>,
): Promise<Response> {
  const answer: unknown = await (await askNextAuth(['csrf'])).json()
  const csrfToken = typeof answer === 'object' && answer !== null && 'csrfToken' in answer ? answer.csrfToken : ''
  return askNextAuth(path, { ...fields, csrfToken: String(csrfToken) })
}
