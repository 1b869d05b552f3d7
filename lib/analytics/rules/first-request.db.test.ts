import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

import { firstRequest } from './first-request'

describe('the first request', () => {
  it('names the organization as the shell reads it, whatever its id is made of', () => {
    const text = firstRequest({
      origin: 'https://b.test',
      mode: 'test',
      externalId: `o'brien "$(id)" \\ & co`,
      meter: 'run',
    })
    const words = execFileSync('sh', ['-c', text.replace('curl', `printf '%s\\n'`)])
      .toString()
      .split('\n')
    expect(words[0]).toBe('https://b.test/api/v1/usage')
    expect(JSON.parse(words[6] ?? '')).toEqual({
      id: 'first-event',
      organization: `o'brien "$(id)" \\ & co`,
      meter: 'run',
      quantity: '1',
    })
    expect(words[2]).toBe('Authorization: Bearer sk_test_YOUR_KEY')
  })
})
