import { describe, expect, it } from 'vitest'

import type { Route } from './route'
import { createRouter } from './router'

const route = (method: Route['method'], path: string): Route => ({
  method,
  path,
  summary: '',
  answers: {},
  handle: () => Promise.reject(new Error('not called')),
})
const routes = [
  route('POST', '/usage'),
  route('POST', '/usage/batch'),
  route('GET', '/meters'),
  route('PUT', '/meters/{key}'),
  route('GET', '/organizations/{org}/entries/{id}'),
]
const find = createRouter(routes)

describe('the router', () => {
  it('finds a route by method and path, a literal before a parameter, with parameters decoded', () => {
    expect(find('POST', '/usage/batch')).toMatchObject({ value: { match: { route: { path: '/usage/batch' } } } })
    expect(find('GET', '/organizations/a%2Fb%20c/entries/ent_1')).toMatchObject({
      value: { kind: 'route', match: { params: { org: 'a/b c', id: 'ent_1' } } },
    })
    expect(find('HEAD', '/meters')).toMatchObject({ value: { match: { route: { method: 'GET' } } } })
  })

  it.each([
    '',
    '/',
    '/usage/',
    '/usage/x',
    '/meters//',
    '/organizations//entries/x',
    '/meters/%',
    '/meters/%ff',
    '//usage',
  ])('finds nothing at %j', (path) => {
    expect(find('POST', path)).toEqual({ ok: false, error: { code: 'not_found', what: 'path' } })
  })

  it('names the methods that a path has', () => {
    expect(find('PATCH', '/meters')).toEqual({
      ok: false,
      error: { code: 'method_not_allowed', allow: ['GET', 'HEAD', 'OPTIONS'] },
    })
    expect(find('OPTIONS', '/usage')).toEqual({ ok: true, value: { kind: 'options', allow: 'POST, OPTIONS' } })
  })

  it('is not made of two routes that answer the same', () => {
    expect(() => createRouter([route('GET', '/a/{x}'), route('GET', '/a/{y}')])).toThrow('two routes')
  })
})
