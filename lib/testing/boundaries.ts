import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const runFile = promisify(execFile)
const CRUISER = path.resolve(import.meta.dirname, '../../node_modules/dependency-cruiser/bin/dependency-cruise.mjs')

/** One import that a rule forbids. */
export type Violation = { readonly rule: string; readonly from: string; readonly to: string }

/** What a look at every import of a folder found. */
export type Cruise = {
  /** Files of the project itself, without packages and Node's own modules. */
  readonly files: readonly string[]
  /** Imports from one file of the project to another. */
  readonly localImports: number
  /** Those of them that are written with the `@/` alias of tsconfig.json. */
  readonly aliasedImports: number
  /** The rules that were applied. */
  readonly rules: readonly { readonly name: string; readonly severity: string }[]
  readonly violations: readonly Violation[]
}

const report = z.object({
  modules: z.array(
    z.object({
      source: z.string(),
      dependencies: z.array(z.object({ dependencyTypes: z.array(z.string()), resolved: z.string() })),
    }),
  ),
  summary: z.object({
    ruleSetUsed: z.object({ forbidden: z.array(z.object({ name: z.string(), severity: z.string() })) }),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
})

/**
 * Checks each import below a folder against the rules of a dependency-cruiser configuration. The folder has its own
 * tsconfig.json and package.json. Throws when the configuration cannot be read.
 */
export async function cruiseFolder(folder: string, configuration: string): Promise<Cruise> {
  const options = ['--config', configuration, '--output-type', 'json']
  const { stdout } = await runFile(process.execPath, [CRUISER, ...options, ...(await topLevelSources(folder))], {
    cwd: folder,
    maxBuffer: 256 * 1024 * 1024,
  })
  const { modules, summary } = report.parse(JSON.parse(stdout))
  const files = modules.map((module) => module.source).filter(isOwnFile)
  const known = new Set(files)
  const imports = modules
    .filter((module) => known.has(module.source))
    .flatMap((module) => module.dependencies.filter((dependency) => known.has(dependency.resolved)))
  return {
    files,
    localImports: imports.length,
    aliasedImports: imports.filter(({ dependencyTypes }) => dependencyTypes.includes('aliased-tsconfig-paths')).length,
    rules: summary.ruleSetUsed.forbidden,
    violations: summary.violations.map(({ from, to, rule }) => ({ rule: rule.name, from, to })),
  }
}

function isOwnFile(source: string): boolean {
  return /\.(?:ts|tsx|mjs)$/.test(source) && !source.includes('node_modules/') && !source.startsWith('..')
}

async function topLevelSources(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) =>
      entry.isDirectory()
        ? !entry.name.startsWith('.') && !['node_modules', 'public', 'docs'].includes(entry.name)
        : /\.(?:ts|tsx|mjs)$/.test(entry.name) && entry.name !== 'next-env.d.ts',
    )
    .map((entry) => entry.name)
}
