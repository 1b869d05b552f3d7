import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'

const lockfile = z.object({
  packages: z.record(z.string(), z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() })),
})

/** Where Node would look for a package, from the innermost folder outwards. */
function lookups(from: string, name: string): string[] {
  const parts = from.split('/node_modules/')
  const folders = parts.map((_, index) => parts.slice(0, parts.length - index).join('/node_modules/'))
  return [...folders.map((folder) => `${folder}/node_modules/${name}`), `node_modules/${name}`]
}

test('the lock file knows the packages of every platform, without which npm 11 refuses `npm ci`', () => {
  const file = path.resolve(import.meta.dirname, '../../package-lock.json')
  const { packages } = lockfile.parse(JSON.parse(readFileSync(file, 'utf8')))
  const wanted = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ from, name })),
  )
  expect(wanted.length).toBeGreaterThan(50)
  expect(wanted.filter(({ from, name }) => !lookups(from, name).some((at) => at in packages))).toEqual([])
})
