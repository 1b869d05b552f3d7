import { describe, expect, it } from 'vitest'

import { createOrganizationSchema, emailSchema, policyOverrideSchema } from './contract'

const organization = (fields: object) =>
  createOrganizationSchema.safeParse({ external_id: 'acme', name: 'Acme AI', ...fields })

describe('the body of POST /organizations', () => {
  it('fills in what may be left out, and reads two spellings of one zone as the same', () => {
    expect(organization({}).data).toEqual({ external_id: 'acme', name: 'Acme AI', email: null, time_zone: 'UTC' })
    expect(organization({ time_zone: 'asia/tokyo' }).data?.time_zone).toBe('Asia/Tokyo')
    expect(organization({ email: ' Billing@Acme.dev ' }).data?.email).toBe('billing@acme.dev')
  })

  it.each([
    ['external_id', ''],
    ['external_id', 'a'.repeat(129)],
    ['external_id', ' acme'],
    ['external_id', 'ac\u0000me'],
    ['external_id', 'org_01h455vb4pex5vsknk084sn02q'],
    ['name', '   '],
    ['name', 'a\nb'],
    ['name', 'a\ud800'],
    ['name', 'a\u2028b'],
    ['name', 'a'.repeat(121)],
    ['email', 'nobody'],
    ['time_zone', 'Mars/Olympus'],
    ['time_zone', "'; DROP TABLE organization; --"],
    ['surprise', 1],
  ])('refuses %s = %j', (field, value) => {
    const parsed = organization({ [field]: value })
    expect(parsed.success).toBe(false)
    expect(parsed.error?.issues).toHaveLength(1)
  })
})

describe('an e-mail address', () => {
  it.each([
    'a@b',
    'ana@acme.dev\nbcc:x@y.z',
    'ana@acme.dev,eve@evil.dev',
    `${'a'.repeat(250)}@b.dev`,
    'Ana <ana@acme.dev>',
  ])('refuses %j', (text) => {
    expect(emailSchema.safeParse(text).success).toBe(false)
  })
})

describe('a policy override', () => {
  it('takes any part of the policy', () => {
    expect(policyOverrideSchema.safeParse({}).success).toBe(true)
    expect(policyOverrideSchema.safeParse({ purchase_expiry: { days: 365 }, packs: [500] }).success).toBe(true)
  })

  it.each([
    { at_zero: 'explode' },
    { overdraft_limit: '-1' },
    { overdraft_limit: '1e9' },
    { credits_per_usd: '0.00' },
    { purchase_expiry: { days: 0 } },
    { minimum_purchase_cents: 4.99 },
    { packs: [1] },
    { display_decimals: 10 },
    { surprise: true },
  ])('refuses %j', (override) => {
    expect(policyOverrideSchema.safeParse(override).success).toBe(false)
  })
})
