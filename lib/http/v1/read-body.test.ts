import { describe, expect, it } from 'vitest'

import type { ApiRequest } from './message'
import { BODY_LIMIT_BYTES, readBody } from './read-body'

function request(headers: Readonly<Record<string, string>>, chunks: AsyncIterable<Uint8Array>): ApiRequest {
  const sent = { 'content-type': 'application/json', ...headers }
  return { method: 'POST', url: 'http://x', headers: new Headers(sent), body: chunks }
}

async function* chunksOf(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(new TextEncoder().encode(text))
}

describe('readBody', () => {
  it('puts a body together from its chunks, even when a character is cut in two', async () => {
    const [one, other] = [new Uint8Array([34, 0xc3]), new Uint8Array([0xa9, 34])]
    async function* cut() {
      yield await Promise.resolve(one)
      yield other
    }
    expect(await readBody(request({}, cut()))).toEqual({ ok: true, value: 'é' })
  })

  it('refuses by the announced length without reading anything', async () => {
    let isRead = false
    async function* never() {
      isRead = true
      yield await Promise.resolve(new Uint8Array())
    }
    const refused = await readBody(request({ 'content-length': String(BODY_LIMIT_BYTES + 1) }, never()))
    expect(refused).toMatchObject({ error: { code: 'too_large' } })
    expect(isRead).toBe(false)
  })

  it('stops reading as soon as a body of unknown length is too large', async () => {
    let count = 0
    async function* endless() {
      for (; count < 1000; count += 1) yield await Promise.resolve(new Uint8Array(65_536))
    }
    expect(await readBody(request({}, endless()))).toMatchObject({ error: { code: 'too_large' } })
    expect(count).toBe(BODY_LIMIT_BYTES / 65_536)
  })

  it.each(['application/json', 'Application/JSON; charset=UTF-8', 'application/json;charset="utf-8"'])(
    'takes %s',
    async (type) => {
      expect((await readBody(request({ 'content-type': type }, chunksOf('{}')))).ok).toBe(true)
    },
  )

  it.each(['text/plain', 'application/json; charset=latin1', 'application/jsonp', ''])('refuses %j', async (type) => {
    const refused = await readBody(request({ 'content-type': type }, chunksOf('{}')))
    expect(refused).toEqual({ ok: false, error: { code: 'unsupported_media_type' } })
  })

  it('takes a body that breaks off for one that is not JSON', async () => {
    async function* broken() {
      yield await Promise.resolve(new TextEncoder().encode('{"a":'))
      throw new Error('aborted')
    }
    expect(await readBody(request({}, broken()))).toEqual({ ok: false, error: { code: 'malformed_json' } })
  })
})
