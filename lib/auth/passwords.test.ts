import { describe, expect, it } from 'vitest'

import { hashPassword, verifyPassword } from './passwords'

describe('passwords', () => {
  it('are verified against their hash, and nothing else is', async () => {
    const hash = await hashPassword('correct horse')
    expect(await verifyPassword('correct horse', hash)).toBe(true)
    expect(await verifyPassword('correct horsf', hash)).toBe(false)
    expect(await verifyPassword('', hash)).toBe(false)
  })

  it('get a salt of their own, so that equal passwords have different hashes', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'))
  })

  it('of people without one, or without an account, are never right', async () => {
    expect(await verifyPassword('', null)).toBe(false)
    expect(await verifyPassword('anything', null)).toBe(false)
  })

  it.each(['', 'scrypt$', 'scrypt$1$1$1$$', 'plain$x', 'scrypt$32768$8$3$AAAA$AAAA'])(
    'never match the damaged hash %j',
    async (damaged) => {
      expect(await verifyPassword('', damaged)).toBe(false)
    },
  )

  it('are the same whichever way a keyboard composes its letters', async () => {
    expect(await verifyPassword('cafe\u0301', await hashPassword('caf\u00e9'))).toBe(true)
  })
})
