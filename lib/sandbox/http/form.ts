import { invalidRequest } from './refusal'

/** A form body as Stripe reads it: bracketed keys become nested trees, lists are trees with counting keys. */
export type FormTree = { [key: string]: string | FormTree }

const MOST_PARAMETERS = 1000
const DEEPEST_NESTING = 8

/** Parses `a[b][0]=c` into nested trees. Throws a Refusal when it cannot be read. */
export function parseForm(text: string): FormTree {
  const tree = emptyTree()
  const pairs = text.split('&').filter((pair) => pair !== '')
  if (pairs.length > MOST_PARAMETERS) throw invalidRequest('The request has too many parameters.')
  for (const pair of pairs) {
    const cut = pair.indexOf('=')
    const name = decode(cut < 0 ? pair : pair.slice(0, cut))
    place(tree, keysOf(name), cut < 0 ? '' : decode(pair.slice(cut + 1)), name)
  }
  return tree
}

/** The entries of a list, in the order of their counting keys. */
export function listOf(value: string | FormTree | undefined): (string | FormTree)[] {
  if (value === undefined || typeof value === 'string') return []
  return Object.entries(value)
    .sort(([left], [right]) => Number(left) - Number(right))
    .map(([, entry]) => entry)
}

/** One value of a flat form, or the empty string. */
export function fieldOf(tree: FormTree, name: string): string {
  const value = tree[name]
  return typeof value === 'string' ? value : ''
}

function emptyTree(): FormTree {
  return Object.create(null) as FormTree
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw invalidRequest('The request body is not valid form encoding.')
  }
}

function keysOf(name: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name)
  if (match === null) throw invalidRequest(`Invalid parameter name: ${name}`, 'parameter_unknown', name)
  const nested = [...(match[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map((part) => part[1] ?? '')
  if (nested.length > DEEPEST_NESTING)
    throw invalidRequest(`Invalid parameter name: ${name}`, 'parameter_unknown', name)
  return [match[1] ?? '', ...nested]
}

function place(tree: FormTree, keys: string[], value: string, name: string): void {
  let here = tree
  keys.forEach((key, depth) => {
    const slot = key === '' ? String(Object.keys(here).length) : key
    const there = here[slot]
    if (depth === keys.length - 1) {
      if (typeof there === 'object') throw invalidRequest(`Invalid parameter: ${name}`, 'parameter_unknown', name)
      here[slot] = value
      return
    }
    if (typeof there === 'string') throw invalidRequest(`Invalid object: ${name}`, 'parameter_unknown', name)
    const next = there ?? emptyTree()
    here[slot] = next
    here = next
  })
}
