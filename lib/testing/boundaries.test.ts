import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cruiseFolder, type Cruise } from './boundaries'

const root = path.resolve(import.meta.dirname, '../..')
const rulesFile = path.join(root, '.dependency-cruiser.mjs')
const TSCONFIG =
  '{ "compilerOptions": { "module": "ESNext", "moduleResolution": "Bundler", "paths": { "@/*": ["./*"] } } }'
const PACKAGES = ['next', 'next-auth', 'pg', 'stripe', 'zod', 'react', 'pino', 'server-only', '@date-fns/tz']
const MANIFEST = JSON.stringify({
  dependencies: Object.fromEntries(PACKAGES.map((name) => [name, '1.0.0'])),
  devDependencies: { 'fast-check': '1.0.0' },
})

/** For each rule, one file that breaks it, what it imports, and what the import is resolved to. */
const PLANTED: Readonly<Record<string, readonly [from: string, imports: string, to: RegExp]>> = {
  'money-imports-nothing': ['lib/money/planted.ts', '@/lib/result', /^lib\/result/],
  'ledger-is-pure': ['lib/ledger/planted.ts', '@/lib/errors', /^lib\/errors/],
  'rules-are-pure': ['lib/billing/rules/planted.ts', 'node:crypto', /crypto$/],
  'words-are-pure': ['lib/errors.ts', 'zod', /node_modules\/zod/],
  'contracts-are-browser-safe': ['lib/usage/contract.ts', '@/lib/env', /^lib\/env/],
  'ground-floor-knows-no-room': ['lib/log.ts', '@/lib/db/wallets', /^lib\/db/],
  'db-decides-nothing': ['lib/db/planted.ts', '@/lib/stripe/client', /^lib\/stripe/],
  'stripe-only-talks': ['lib/stripe/planted.ts', '@/lib/db/wallets', /^lib\/db/],
  'mail-only-sends': ['lib/mail/planted.ts', '@/lib/billing/purchase', /^lib\/billing/],
  'prisma-stays-in-db': ['lib/usage/planted-pg.ts', 'pg', /node_modules\/pg/],
  'stripe-sdk-stays-in-stripe': ['lib/billing/planted-stripe.ts', 'stripe', /node_modules\/stripe/],
  'next-auth-stays-in-auth': ['lib/http/planted-auth.ts', 'next-auth', /node_modules\/next-auth/],
  'verbs-use-adapters': ['lib/billing/planted-env.ts', '@/lib/env', /^lib\/env/],
  'verbs-do-not-know-next': ['lib/billing/planted-next.ts', 'next/headers', /node_modules\/next/],
  'verbs-stay-in-their-room': ['lib/analytics/planted.ts', '@/lib/billing/purchase', /^lib\/billing/],
  'schedule-orders-verbs': ['lib/schedule/planted.ts', '@/lib/stripe/client', /^lib\/stripe/],
  'auth-knows-viewers': ['lib/auth/planted.ts', '@/lib/organizations/invite', /^lib\/organizations/],
  'http-wraps-only': ['lib/http/planted-verb.ts', '@/lib/billing/purchase', /^lib\/billing/],
  'machine-api-calls-verbs': ['lib/http/v1/planted.ts', '@/lib/db/wallets', /^lib\/db/],
  'machine-api-is-free-of-next': ['lib/http/v1/planted-through.ts', '@/lib/http/run-action', /node_modules\/next/],
  'jobs-call-verbs': ['lib/jobs/planted.ts', '@/lib/db/wallets', /^lib\/db/],
  'app-calls-verbs': ['app/operator/page.tsx', '@/lib/db/wallets', /^lib\/db/],
  'dev-pages-are-pages': ['app/dev/page.tsx', '@/lib/stripe/client', /^lib\/stripe/],
  'webhook-route-verifies': ['app/api/stripe/webhook/route.ts', '@/lib/stripe/client', /^lib\/stripe\/client/],
  'routes-do-not-import-routes': ['app/portal/page.tsx', '@/app/dev/mailbox', /^app\/dev/],
  'pages-do-not-import-pages': ['app/o/[org]/buy/page.tsx', '@/app/o/[org]/history/row', /^app\/o\/\[org\]\/history/],
  'front-is-slim': ['server.ts', '@/lib/billing/purchase', /^lib\/billing/],
  'components-show-only': ['components/money/planted.tsx', '@/lib/http/run-action', /^lib\/http/],
  'components-never-reach-the-server': ['components/layout/planted.tsx', '@/components/charts/through', /^lib\/env/],
  'ui-kit-knows-no-domain': ['components/ui/planted.tsx', '@/lib/money/amount', /^lib\/money/],
  'lib-does-not-know-the-page': ['lib/notifications/planted.ts', '@/components/ui/button', /^components\/ui/],
  'sandbox-is-apart': ['lib/stripe/planted-sandbox.ts', '@/lib/sandbox/cards', /^lib\/sandbox/],
  'sandbox-knows-no-product': ['lib/sandbox/planted.ts', '@/lib/money/amount', /^lib\/money/],
  'launch-is-outermost': ['lib/jobs/planted-launch.ts', '@/lib/launch/postgres', /^lib\/launch/],
  'e2e-sees-from-outside': ['e2e/planted.spec.ts', '@/lib/billing/purchase', /^lib\/billing/],
  'no-test-code-in-product': ['lib/usage/planted-clock.ts', '@/lib/testing/clock', /^lib\/testing/],
  'no-dev-dependency-in-product': ['lib/usage/planted-dev.ts', 'fast-check', /node_modules\/fast-check/],
  'no-cycles': ['lib/usage/circle-left.ts', './circle-right', /circle-right/],
  'everything-resolves': ['lib/usage/planted-lost.ts', '@/lib/usage/nowhere', /nowhere/],
  'every-room-is-on-the-plan': ['lib/usage/planted-drawer.ts', '@/lib/utils/strings', /^lib\/utils/],
}

/** Imports that the plan allows: the same doors, used by those who may. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'lib/ledger/consume.ts': ['@/lib/money/amount', '@/lib/result'],
  'lib/billing/rules/decide.ts': ['@/lib/money/amount', '@/lib/ledger/consume', '@/lib/errors', '@date-fns/tz'],
  'lib/organizations/contract.ts': ['zod', '@/lib/money/amount'],
  'lib/billing/recharge.ts': ['@/lib/db/wallets', '@/lib/stripe/client', '@/lib/organizations/contract', 'node:crypto'],
  'lib/db/entries.ts': ['pg', '@/lib/money/amount'],
  'lib/auth/gate.ts': ['next-auth', 'next/navigation', '@/lib/db/wallets', 'server-only'],
  'lib/schedule/sources.ts': ['@/lib/billing/recharge', '@/lib/organizations/invite', '@/lib/db/wallets'],
  'lib/jobs/recharge.ts': ['@/lib/billing/recharge', '@/lib/schedule/sources'],
  'app/(auth)/sign-in/page.tsx': ['@/app/(auth)/sign-in/actions'],
  'app/o/[org]/cards/page.tsx': ['@/lib/billing/recharge', '@/lib/auth/gate', '@/components/money/price'],
  'components/money/price.tsx': [
    'react',
    '@/components/ui/button',
    '@/lib/money/amount',
    '@/lib/organizations/contract',
  ],
  'e2e/buy.spec.ts': ['@/lib/testing/clock'],
}

const STANDING: Readonly<Record<string, string>> = {
  'tsconfig.json': TSCONFIG,
  'package.json': MANIFEST,
  'lib/money/amount.ts': 'export const zero = 0n\n',
  'lib/result.ts': 'export const ok = true\n',
  'lib/db/wallets.ts': 'export const wallets = 1\n',
  'lib/stripe/client.ts': 'export const client = 1\n',
  'lib/billing/purchase.ts': 'export const purchase = 1\n',
  'lib/organizations/invite.ts': 'export const invite = 1\n',
  'lib/http/run-action.ts': "import 'next/headers'\nexport const runAction = 1\n",
  'lib/sandbox/cards.ts': 'export const cards = 1\n',
  'lib/launch/postgres.ts': 'export const postgres = 1\n',
  'lib/testing/clock.ts': 'export const clock = 1\n',
  'components/ui/button.tsx': 'export const button = 1\n',
  'app/(auth)/sign-in/actions.ts': 'export const signIn = 1\n',
  'lib/env.ts': 'export const env = 1\n',
  'app/dev/mailbox.ts': 'export const mailbox = 1\n',
  'app/o/[org]/history/row.tsx': 'export const row = 1\n',
}

/** What the planted imports lead to and the plan itself forbids. */
const AFIELD: Readonly<Record<string, string>> = {
  'lib/utils/strings.ts': 'export const strings = 1\n',
  'lib/usage/circle-right.ts': "import './circle-left'\n",
  'components/charts/through.ts': "import '@/lib/env'\n",
}

const trees: string[] = []

async function plant(files: Readonly<Record<string, string>>): Promise<string> {
  const tree = await mkdtemp(path.join(tmpdir(), 'purser-boundaries-'))
  trees.push(tree)
  const packages = [...PACKAGES, 'fast-check'].flatMap((name) => [
    [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
    [`node_modules/${name}/index.js`, 'export {}\n'],
  ])
  const inside = { 'node_modules/next/headers.js': 'export {}\n', 'node_modules/next/navigation.js': 'export {}\n' }
  for (const [file, text] of [...packages, ...Object.entries(inside), ...Object.entries(files)] as [string, string][]) {
    await mkdir(path.dirname(path.join(tree, file)), { recursive: true })
    await writeFile(path.join(tree, file), text)
  }
  return tree
}

function importing(specifiers: readonly string[]): string {
  return specifiers.map((specifier) => `import '${specifier}'\n`).join('')
}

afterAll(() => Promise.all(trees.map((tree) => rm(tree, { recursive: true, force: true }))))

describe('a tree with one violation of each rule', () => {
  let planted: Cruise
  beforeAll(async () => {
    const files = Object.values(PLANTED).map(([from, specifier]) => [from, importing([specifier])])
    planted = await cruiseFolder(await plant({ ...STANDING, ...AFIELD, ...Object.fromEntries(files) }), rulesFile)
  }, 60_000)

  test('every rule of the configuration has a violation planted, and every rule is an error', () => {
    expect(Object.keys(PLANTED).toSorted()).toEqual(planted.rules.map((rule) => rule.name).toSorted())
    expect(planted.rules.filter((rule) => rule.severity !== 'error')).toEqual([])
  })

  test.each(Object.entries(PLANTED))('%s catches what it is for', (name, [from, , to]) => {
    const caught = planted.violations.filter((violation) => violation.rule === name && violation.from === from)
    expect(caught.map((violation) => violation.to)).toContainEqual(expect.stringMatching(to))
  })
})

test('a type-only import counts as an import', async () => {
  const tree = await plant({
    'tsconfig.json': TSCONFIG,
    'package.json': MANIFEST,
    'lib/result.ts': 'export type Result = string\n',
    'lib/money/amount.ts': "import type { Result } from '@/lib/result'\nexport type Amount = Result\n",
  })
  const { violations } = await cruiseFolder(tree, rulesFile)
  expect(violations).toEqual([{ rule: 'money-imports-nothing', from: 'lib/money/amount.ts', to: 'lib/result.ts' }])
})

test('imports that the plan allows are not reported', async () => {
  const allowed = Object.entries(ALLOWED).map(([from, specifiers]) => [from, importing(specifiers)])
  const files = { ...STANDING, 'lib/errors.ts': 'export const codes = 1\n', ...Object.fromEntries(allowed) }
  const { violations, localImports } = await cruiseFolder(await plant(files), rulesFile)
  expect(violations).toEqual([])
  expect(localImports).toBeGreaterThan(15)
})

/** A bound on reading every file there is, also on a busy machine. */
const WHOLE_PROJECT_MS = 120_000

test(
  'the graph of the real project is not empty and follows the @/ alias',
  async () => {
    const { files, localImports, aliasedImports } = await cruiseFolder(root, rulesFile)
    expect(files.length).toBeGreaterThan(60)
    expect(localImports).toBeGreaterThan(60)
    expect(aliasedImports).toBeGreaterThan(20)
  },
  WHOLE_PROJECT_MS,
)
