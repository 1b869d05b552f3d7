import 'server-only'

import { err, ok, type Result } from '@/lib/result'

import type { PurserError } from '@/lib/errors'
import type { Route } from './route'

/** A route that was found, with the decoded parameters of its path. */
export type Match = { readonly route: Route; readonly params: Readonly<Record<string, string>> }

/** What a path leads to: a route, the methods that it has (`OPTIONS`), or nothing. */
export type Found =
  { readonly kind: 'route'; readonly match: Match } | { readonly kind: 'options'; readonly allow: string }

const LONGEST_PATH = 2_000

type Node = { readonly literals: Map<string, Node>; parameter: Node | null; readonly routes: Map<string, NamedRoute> }
/** The names of a route's parameters and where they stand in its path. */
type NamedRoute = { readonly route: Route; readonly names: readonly (readonly [name: string, place: number])[] }

/**
 * Finds routes by method and path. A literal segment goes before a parameter. `HEAD` is answered as `GET`.
 * Errors: not_found (also for broken percent-encoding), method_not_allowed.
 */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Result<Found, PurserError> {
  const root = newNode()
  for (const route of routes) addRoute(root, route)

  return (method, path) => {
    const segments = path.length > LONGEST_PATH ? null : decodedSegments(path)
    const node = segments === null ? null : walk(root, segments, 0)
    if (segments === null || node === null) return err({ code: 'not_found', what: 'path' })
    const named = node.routes.get(method === 'HEAD' ? 'GET' : method)
    if (named !== undefined)
      return ok({ kind: 'route', match: { route: named.route, params: paramsOf(named, segments) } })
    const allow = allowedMethods(node)
    return method === 'OPTIONS'
      ? ok({ kind: 'options', allow: allow.join(', ') })
      : err({ code: 'method_not_allowed', allow })
  }
}

function newNode(): Node {
  return { literals: new Map(), parameter: null, routes: new Map() }
}

function addRoute(root: Node, route: Route): void {
  let node = root
  const names: [string, number][] = []
  for (const [place, segment] of route.path.split('/').slice(1).entries()) {
    if (segment.startsWith('{')) {
      names.push([segment.slice(1, -1), place])
      node.parameter ??= newNode()
      node = node.parameter
    } else {
      const next = node.literals.get(segment) ?? newNode()
      node.literals.set(segment, next)
      node = next
    }
  }
  if (node.routes.has(route.method)) throw new Error(`two routes answer ${route.method} ${route.path}`)
  node.routes.set(route.method, { route, names })
}

function walk(node: Node, segments: readonly string[], index: number): Node | null {
  const segment = segments[index]
  if (segment === undefined) return node.routes.size > 0 ? node : null
  const literal = node.literals.get(segment)
  const found = literal === undefined ? null : walk(literal, segments, index + 1)
  if (found !== null || node.parameter === null || segment === '') return found
  return walk(node.parameter, segments, index + 1)
}

function paramsOf({ names }: NamedRoute, segments: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map(([name, place]) => [name, segments[place] ?? '']))
}

function decodedSegments(path: string): readonly string[] | null {
  try {
    return path.split('/').slice(1).map(decodeURIComponent)
  } catch {
    return null
  }
}

function allowedMethods(node: Node): readonly string[] {
  const methods = [...node.routes.keys()]
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS']
}
