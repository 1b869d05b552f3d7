import path from 'node:path'
import { ESLint } from 'eslint'
import { describe, expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')

/** The house's own rules need no types, so the files that are planted need not exist. */
const eslint = new ESLint({
  cwd: root,
  overrideConfig: {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: false } },
    rules: Object.fromEntries(
      [
        'await-thenable',
        'no-floating-promises',
        'no-misused-promises',
        'only-throw-error',
        'switch-exhaustiveness-check',
      ].map((rule) => [`@typescript-eslint/${rule}`, 'off']),
    ),
  },
})

/** The rules that a file of this name and text breaks. */
async function broken(file: string, text: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: path.join(root, file) })
  return [...new Set(result?.messages.map((message) => message.ruleId))]
}

const REFUSED: readonly (readonly [rule: string, file: string, text: string])[] = [
  [
    'house/env-only-in-env',
    'lib/launch-free.ts',
    "import 'server-only'\nexport const url = process.env.DATABASE_URL\n",
  ],
  ['house/env-only-in-env', 'components/money/a.tsx', "export const url = process['env']\n"],
  ['house/env-only-in-env', 'app/a.ts', "import { env } from 'node:process'\nexport const url = env\n"],
  ['house/env-only-in-env', 'app/a.ts', 'const { env } = process\nexport const url = env\n'],
  ['house/env-only-in-env', 'app/a.ts', 'export const url = globalThis.process\n'],
  ['house/pure-code', 'lib/ledger/a.ts', 'export const at = Date.now()\n'],
  ['house/pure-code', 'lib/usage/rules/a.ts', 'export const at = new Date()\n'],
  ['house/pure-code', 'lib/money/a.ts', 'export const chance = Math.random()\n'],
  ['house/pure-code', 'lib/billing/contract.ts', 'export const id = crypto.randomUUID()\n'],
  ['house/pure-code', 'lib/analytics/history-contract.ts', "export const page = fetch('/')\n"],
  ['house/pure-code', 'lib/errors.ts', "console.log('here')\n"],
  ['house/pure-code', 'lib/result.ts', 'setTimeout(() => undefined, 1)\n'],
  ['house/pure-code', 'lib/ledger/a.ts', 'export const home = process.cwd()\n'],
  ['house/pure-code', 'lib/billing/rules/a.ts', 'export async function decide() {}\n'],
  ['house/exact-money', 'lib/money/a.ts', "export const x = parseFloat('1.5')\n"],
  ['house/exact-money', 'lib/billing/a.ts', "import 'server-only'\nexport const x = Number('1.5')\n"],
  ['house/exact-money', 'lib/usage/a.ts', "import 'server-only'\nexport const x = Math.round(1.5)\n"],
  ['house/exact-money', 'lib/ledger/a.ts', 'export const x = (1.5).toFixed(2)\n'],
  ['house/no-enums', 'lib/ledger/a.ts', 'export enum Kind {\n  Card,\n}\n'],
  ['house/server-only-first', 'lib/billing/a.ts', 'export const x = 1\n'],
  ['house/server-only-first', 'lib/db/a.ts', "import 'node:fs'\nimport 'server-only'\n"],
  ['house/no-skipped-tests', 'lib/db/a.test.ts', "import { test } from 'vitest'\ntest.skip('a', () => undefined)\n"],
  [
    'house/no-skipped-tests',
    'e2e/a.spec.ts',
    "import { test } from './fixtures/test'\ntest.only('a', () => undefined)\n",
  ],
  ['import/no-default-export', 'lib/ledger/a.ts', 'const x = 1\nexport default x\n'],
  ['import/no-default-export', 'components/ui/button.tsx', 'const x = 1\nexport default x\n'],
  ['max-lines', 'lib/ledger/a.ts', 'export {}\n'.repeat(251)],
  ['max-lines-per-function', 'lib/ledger/a.ts', `export function a() {\n${'  a()\n'.repeat(60)}}\n`],
  ['no-warning-comments', 'lib/ledger/a.ts', `// ${'TO'}${'DO'}: later\n`],
  ['eqeqeq', 'lib/ledger/a.ts', 'export const x = (a: bigint) => a == 1n\n'],
  ['@typescript-eslint/no-explicit-any', 'lib/ledger/a.ts', 'export type X = any\n'],
  [
    '@typescript-eslint/consistent-type-imports',
    'lib/ledger/a.ts',
    "import { Amount } from '@/lib/money/amount'\nexport type X = Amount\n",
  ],
]

const ALLOWED: readonly (readonly [what: string, file: string, text: string])[] = [
  [
    'settings are read in lib/env.ts',
    'lib/env.ts',
    "import 'server-only'\nexport const url = process.env.DATABASE_URL\n",
  ],
  [
    'a pure rule may compute with a time it is given',
    'lib/usage/rules/a.ts',
    'export const at = (t: number) => new Date(t)\n',
  ],
  [
    'pure code may use such words as names of fields',
    'lib/ledger/a.ts',
    'export const x = (a: { process: 1 }) => a.process\n',
  ],
  ['a page is a default export', 'app/o/[org]/page.tsx', 'export default function Page() {\n  return null\n}\n'],
  ['server code that says so first', 'lib/billing/a.ts', "import 'server-only'\nexport const x = 1\n"],
  ['the tests of money may count in floats', 'lib/money/a.test.ts', "export const x = Number('1.5')\n"],
]

describe('the rules of the house', () => {
  test.each(REFUSED)('%s refuses its case in %s', async (rule, file, text) => {
    expect(await broken(file, text)).toContain(rule)
  })

  test.each(ALLOWED)('%s', async (_what, file, text) => {
    expect(await broken(file, text)).toEqual([])
  })

  test('a comment cannot switch a rule off', async () => {
    const text = '/* eslint-disable */\n// eslint-disable-next-line\nexport type X = any\n'
    expect(await broken('lib/ledger/a.ts', text)).toContain('@typescript-eslint/no-explicit-any')
  })

  test('every rule in force is an error', async () => {
    for (const file of ['lib/ledger/a.ts', 'app/page.tsx', 'lib/db/a.test.ts', 'e2e/a.spec.ts']) {
      const { rules } = (await eslint.calculateConfigForFile(path.join(root, file))) as {
        rules: Record<string, unknown[]>
      }
      const own = Object.entries(rules).filter(([name]) => name.startsWith('house/') || name.startsWith('max-'))
      expect(own.filter(([, [severity]]) => severity === 1)).toEqual([])
    }
  })
})
