import { describe, expect, it } from 'vitest'

import { EnvironmentError, readEnv } from './env'

const COMPLETE = {
  DATABASE_URL: 'postgresql://localhost/purser',
  AUTH_SECRET: 'thirty-two characters or more, random',
  STRIPE_SECRET_KEY: 'sk_live_abc',
  STRIPE_WEBHOOK_SECRET: 'whsec_abc',
}

function refusalOf(environment: Readonly<Record<string, string>>): string {
  try {
    readEnv(environment)
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message
    throw error
  }
  return ''
}

describe('the environment', () => {
  it('is complete with a database, a secret and a Stripe account', () => {
    expect(readEnv(COMPLETE)).toMatchObject({ PORT: 3000, APP_URL: 'http://localhost:3000' })
  })

  it('names every variable that is missing, and says what to do about it', () => {
    const message = refusalOf({})
    for (const name of Object.keys(COMPLETE)) expect(message).toContain(`${name} is missing`)
    expect(message).toContain('openssl rand -base64 32')
  })

  it.each([
    ['DATABASE_URL', 'mysql://user:hunter2@host', 'must start with postgresql://'],
    ['AUTH_SECRET', 'hunter2', 'is too short'],
    ['STRIPE_SECRET_KEY', 'pk_live_hunter2', 'must start with sk_test_ or sk_live_'],
    ['STRIPE_WEBHOOK_SECRET', 'hunter2', 'must start with whsec_'],
    ['APP_URL', 'hunter2', 'must be the address people open'],
    ['PORT', '99999', 'PORT'],
    ['SMTP_URL', 'hunter2', 'must look like smtp://'],
  ])('refuses a bad %s by its name, without repeating it', (name, value, sentence) => {
    const message = refusalOf({ ...COMPLETE, [name]: value })
    expect(message).toContain(name)
    expect(message).toContain(sentence)
    expect(message).not.toContain('hunter2')
  })

  it('never sends a live key to a sandbox, and takes none that is not on this machine', () => {
    expect(refusalOf({ ...COMPLETE, STRIPE_API_BASE: 'http://127.0.0.1:4010' })).toContain('must be a test key')
    const test = { ...COMPLETE, STRIPE_SECRET_KEY: 'sk_test_abc' }
    expect(refusalOf({ ...test, STRIPE_API_BASE: 'https://api.example.com' })).toContain('only a loopback address')
    expect(refusalOf({ ...test, STRIPE_API_BASE: 'http://127.0.0.1:4010' })).toBe('')
  })
})
