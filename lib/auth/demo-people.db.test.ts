import { afterAll, beforeAll, expect, it } from 'vitest'

import { ensureUser } from '@/lib/db/users'
import { movableClock } from '@/lib/testing/clock'
import { openTestDatabase } from '@/lib/testing/environment'

import { checkDemoPerson } from './check-credentials'
import { signInMethods } from './sign-in-methods'

let drop: () => Promise<void>

beforeAll(async () => {
  drop = (await openTestDatabase(() => Promise.resolve({ STRIPE_API_BASE: '' }))).drop
  await ensureUser({ email: 'ana@acme.dev', name: 'Ana Ruiz' }, movableClock().now())
})
afterAll(() => drop())

it('a person of the demo cannot sign in, and is not offered, where payments are real', async () => {
  expect(await checkDemoPerson('owner')).toMatchObject({ ok: false, error: { code: 'unauthenticated' } })
  expect(signInMethods().demoPeople).toEqual([])
})
