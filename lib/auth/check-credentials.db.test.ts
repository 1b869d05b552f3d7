import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { query } from '@/lib/db/pool'
import { ensureUser } from '@/lib/db/users'
import { movableClock } from '@/lib/testing/clock'
import { openTestDatabase } from '@/lib/testing/environment'

import { requestSignInLink } from '../notifications/request-sign-in-link'
import { checkDemoPerson, checkPassword, checkSignInLink, isLinkOpen } from './check-credentials'
import { hashPassword } from './passwords'

const MINUTE = 60_000
const HOSTILE = ['', 'x', '\u0000', '../../etc/passwd', "' OR 1=1 --", '%00', 'a'.repeat(100_000)]
const clock = movableClock()
const unauthenticated = { ok: false, error: { code: 'unauthenticated' } }
let drop: () => Promise<void>

beforeAll(async () => {
  drop = (await openTestDatabase()).drop
  await ensureUser({ email: 'ana@acme.dev', name: 'Ana', passwordHash: await hashPassword('right') }, clock.now())
  await ensureUser({ email: 'link-only@acme.dev', name: 'Link' }, clock.now())
})
afterAll(() => drop())

let asked = 0
async function requestLink(email: string): Promise<string> {
  asked += 1
  const input = { email, next: '/o/acme', address: `10.1.0.${asked}` }
  expect(await requestSignInLink(input, clock)).toMatchObject({ ok: true })
  const [mail] = await query('SELECT text FROM mail WHERE recipient = $1 ORDER BY id DESC LIMIT 1', [email])
  return /token=([\w-]+)&next=%2Fo%2Facme\n/.exec(mail?.['text'] as string)?.[1] ?? 'no link'
}

describe('a password', () => {
  it('signs in, whatever the case of the address', async () => {
    expect(await checkPassword(' Ana@Acme.dev ', 'right', '10.0.0.1')).toMatchObject({ ok: true })
  })

  it('gets one answer for a wrong one, an unknown address and a person without any', async () => {
    for (const email of ['ana@acme.dev', 'nobody@acme.dev', 'link-only@acme.dev', ...HOSTILE.slice(0, 3)]) {
      expect(await checkPassword(email, 'wrong', '10.0.0.2')).toEqual(unauthenticated)
    }
  })

  it('takes about the same time for an unknown address as for a known one', async () => {
    const time = async (email: string) => {
      const start = process.hrtime.bigint()
      await checkPassword(email, 'wrong', `10.0.${email.length}.3`)
      return Number(process.hrtime.bigint() - start)
    }
    const known = Math.min(...[await time('ana@acme.dev'), await time('ana@acme.dev'), await time('ana@acme.dev')])
    const unknown = Math.min(...[await time('abc@acme.dev'), await time('abc@acme.dev'), await time('abc@acme.dev')])
    expect(unknown).toBeGreaterThan(known / 3)
    expect(unknown).toBeLessThan(known * 3)
  })

  it('is not heard any more after ten wrong ones for one address, also the right one', async () => {
    const email = 'target@acme.dev'
    await ensureUser({ email, name: 'Target', passwordHash: await hashPassword('right') }, clock.now())
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => checkPassword(email, 'wrong', `10.2.0.${index}`)),
    )
    expect(answers.filter((answer) => !answer.ok && answer.error.code === 'rate_limited')).toHaveLength(2)
    const late = await checkPassword(email, 'right', '10.2.0.99')
    expect(late).toMatchObject({ ok: false, error: { code: 'rate_limited' } })
    expect(!late.ok && late.error.code === 'rate_limited' && late.error.retryAfterSeconds).toBeGreaterThan(0)
  })

  it('is counted anew after it was right', async () => {
    const email = 'forgetful@acme.dev'
    await ensureUser({ email, name: 'Forgetful', passwordHash: await hashPassword('right') }, clock.now())
    for (let round = 0; round < 2; round += 1) {
      for (let wrong = 0; wrong < 6; wrong += 1) {
        expect(await checkPassword(email, 'wrong', `10.3.${round}.${wrong}`)).toEqual(unauthenticated)
      }
      expect(await checkPassword(email, 'right', '10.3.9.9')).toMatchObject({ ok: true })
    }
  })
})

describe('a sign-in link', () => {
  it('signs in once, and opening its page uses nothing up', async () => {
    const token = await requestLink('ana@acme.dev')
    expect(await isLinkOpen(token, clock)).toBe(true)
    expect(await checkSignInLink(token, clock)).toMatchObject({ ok: true })
    expect(await checkSignInLink(token, clock)).toEqual(unauthenticated)
    expect(await isLinkOpen(token, clock)).toBe(false)
  })

  it('used many times at once signs in once', async () => {
    const token = await requestLink('ana@acme.dev')
    const answers = await Promise.all(Array.from({ length: 6 }, () => checkSignInLink(token, clock)))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
  })

  it('works until the end of its fifteen minutes and not after', async () => {
    const [inTime, late] = [movableClock(), movableClock()]
    inTime.advance(15 * MINUTE - 1)
    late.advance(15 * MINUTE)
    expect(await checkSignInLink(await requestLink('ana@acme.dev'), inTime)).toMatchObject({ ok: true })
    expect(await checkSignInLink(await requestLink('ana@acme.dev'), late)).toEqual(unauthenticated)
  })

  it('makes somebody new a user without memberships', async () => {
    const signedIn = await checkSignInLink(await requestLink('new.person@acme.dev'), clock)
    const userId = signedIn.ok ? signedIn.value.userId : ''
    expect(await query('SELECT name, is_operator FROM app_user WHERE id = $1', [userId])).toEqual([
      { name: 'New Person', is_operator: false },
    ])
    expect(await query('SELECT id FROM membership WHERE user_id = $1', [userId])).toHaveLength(0)
  })

  it('is stored as a hash only', async () => {
    const token = await requestLink('hash@acme.dev')
    expect(await query('SELECT email FROM sign_in_link WHERE token_hash = $1', [token])).toHaveLength(0)
  })

  it('goes nowhere else than to this site, whatever was asked for', async () => {
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
      await requestSignInLink({ email: `redirect-${next.length}@acme.dev`, next, address: '10.8.0.1' }, clock)
    }
    const mails = await query(`SELECT text, html FROM mail WHERE recipient LIKE 'redirect-%'`)
    expect(mails).toHaveLength(3)
    expect(JSON.stringify(mails)).not.toContain('evil')
  })

  it('is mailed five times to one address in a quarter of an hour', async () => {
    const ask = (index: number) =>
      requestSignInLink({ email: 'often@acme.dev', next: null, address: `10.9.0.${index}` }, clock)
    const answers = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(ask))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(5)
    expect(await query(`SELECT id FROM mail WHERE recipient = 'often@acme.dev'`)).toHaveLength(5)
  })

  it.each(HOSTILE)('is never the hostile token %j', async (token) => {
    expect(await isLinkOpen(token, clock)).toBe(false)
    expect(await checkSignInLink(token, clock)).toEqual(unauthenticated)
  })
})

describe('a person of the demo', () => {
  it('signs in with one click in the sandbox', async () => {
    expect(await checkDemoPerson('owner')).toMatchObject({ ok: true })
  })

  it.each([...HOSTILE, '__proto__', 'ana@acme.dev'])('is not %j', async (id) => {
    expect(await checkDemoPerson(id)).toEqual(unauthenticated)
  })
})
