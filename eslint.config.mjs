import nextVitals from 'eslint-config-next/core-web-vitals'
import nextTypescript from 'eslint-config-next/typescript'

const TESTS = ['**/*.test.ts', '**/*.test.tsx', 'e2e/**', 'bench/**']
const SCRIPTS = ['*.config.{mjs,ts}', '.dependency-cruiser.mjs', 'lib/launch/**']
const PURE = [
  'lib/money/**',
  'lib/ledger/**',
  'lib/*/rules/**',
  'lib/result.ts',
  'lib/errors.ts',
  'lib/*/{contract,*-contract}.ts',
]
const MONEY_ROOMS = ['lib/money/**', 'lib/ledger/**', 'lib/billing/**', 'lib/usage/**']

/** Next gives these files their meaning by the name and takes what they export by default. */
const NEXT_SPECIAL_FILES = [
  'app/**/{page,layout,template,default,loading,error,global-error,not-found,global-not-found}.tsx',
  'app/**/{forbidden,unauthorized,icon,apple-icon,opengraph-image,sitemap,robots,manifest}.{ts,tsx}',
]
/** These tools take what their file exports by default. */
const TOOL_FILES = [
  'lib/testing/{cluster,browser-setup}.ts',
  '*.config.{mjs,ts}',
  '.dependency-cruiser.mjs',
  'e2e/fixtures/global-setup.ts',
]

/** A rule that reports each node that a selector finds, with a sentence that says what to do instead. */
function selectorRule(sentences) {
  return {
    meta: { type: 'problem', schema: [] },
    create: (context) =>
      Object.fromEntries(
        Object.entries(sentences).map(([selector, message]) => [selector, (node) => context.report({ node, message })]),
      ),
  }
}

const READ_ENV = 'Read configuration from lib/env.ts. It is the only door to process.env.'
const envOnlyInEnv = selectorRule({
  'MemberExpression[object.name="process"][property.name="env"]': READ_ENV,
  'MemberExpression[object.name="process"][computed=true]': READ_ENV,
  'MemberExpression[object.name="globalThis"][property.name="process"]': READ_ENV,
  'MemberExpression[object.name="global"]': READ_ENV,
  'VariableDeclarator[init.name="process"]': READ_ENV,
  'ImportDeclaration[source.value=/^(node:)?process$/]': READ_ENV,
  'ImportExpression[source.value=/^(node:)?process$/]': READ_ENV,
})

/** A global by its name, which may also be the name of a field. */
const global = (name) =>
  `Identifier[name="${name}"]:not(MemberExpression > .property, Property > .key, TSPropertySignature > .key)`

const PASS_TIME = 'Pure code has no clock. Take the time as an argument.'
const PASS_RANDOM = 'Pure code has no randomness. Take the id or number as an argument.'
const NO_IO = 'Pure code does no I/O. Return a decision and let the verb act on it.'
const io = Object.fromEntries(
  ['process', 'fetch', 'console', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'globalThis'].map(
    (name) => [global(name), NO_IO],
  ),
)
const pureCode = selectorRule({
  ...io,
  'MemberExpression[object.name="Date"][property.name="now"]': PASS_TIME,
  'NewExpression[callee.name="Date"][arguments.length=0]': PASS_TIME,
  'CallExpression[callee.name="Date"]': PASS_TIME,
  [global('performance')]: PASS_TIME,
  'MemberExpression[object.name="Math"][property.name="random"]': PASS_RANDOM,
  [global('crypto')]: PASS_RANDOM,
  ImportExpression: NO_IO,
  AwaitExpression: NO_IO,
  ':function[async=true]': NO_IO,
})

const STAY_EXACT = 'Money is exact. Use the bigint types and the named roundings of lib/money.'
const exactMoney = selectorRule({
  'Identifier[name="parseFloat"]': STAY_EXACT,
  'CallExpression[callee.name="Number"]': STAY_EXACT,
  'CallExpression[callee.property.name=/^(toFixed|toPrecision|toExponential)$/]': STAY_EXACT,
  'MemberExpression[object.name="Math"][property.name=/^(round|floor|ceil|trunc|fround|pow)$/]': STAY_EXACT,
  'UnaryExpression[operator="+"]': STAY_EXACT,
})

const noEnums = selectorRule({ TSEnumDeclaration: 'Write a union of string literals instead of an enum.' })

const noSkippedTests = selectorRule({
  'CallExpression[callee.property.name=/^(skip|only|todo|fixme|skipIf)$/]': 'Every test runs. Fix it or delete it.',
})

const serverOnlyFirst = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    Program(program) {
      const first = program.body.find((node) => node.directive === undefined)
      const isMarked =
        first?.type === 'ImportDeclaration' && first.source.value === 'server-only' && first.specifiers.length === 0
      const message = "Server code in lib begins with import 'server-only'. It must never reach the browser."
      if (!isMarked) context.report({ node: first ?? program, message })
    },
  }),
}

const house = {
  rules: {
    'env-only-in-env': envOnlyInEnv,
    'pure-code': pureCode,
    'exact-money': exactMoney,
    'no-enums': noEnums,
    'no-skipped-tests': noSkippedTests,
    'server-only-first': serverOnlyFirst,
  },
}

const config = [
  { ignores: ['.next/**', '.data/**', 'dist/**', 'lib/db/generated/**', 'next-env.d.ts', 'public/**'] },
  ...nextVitals,
  ...nextTypescript,
  {
    name: 'house/everywhere',
    linterOptions: { noInlineConfig: true },
    plugins: { house },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'import/no-default-export': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
      'house/env-only-in-env': 'error',
    },
  },
  {
    name: 'house/typescript',
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'house/no-enums': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-unused-vars': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { name: 'house/pure', files: PURE, ignores: TESTS, rules: { 'house/pure-code': 'error' } },
  { name: 'house/money', files: MONEY_ROOMS, ignores: TESTS, rules: { 'house/exact-money': 'error' } },
  {
    name: 'house/server-code',
    files: ['lib/**/*.ts', 'lib/**/*.tsx'],
    ignores: [...PURE, ...TESTS, 'lib/launch/**', 'lib/sandbox/**', 'lib/testing/**'],
    rules: { 'house/server-only-first': 'error' },
  },
  {
    name: 'house/doors-to-env',
    files: [
      'lib/env.ts',
      'lib/sandbox/settings.ts',
      'lib/testing/browser-setup.ts',
      'lib/testing/demo-process.ts',
      'prisma/seed.ts',
      'e2e/fixtures/*.ts',
      'bench/{child,pgbench,site}.ts',
      ...SCRIPTS,
    ],
    rules: { 'house/env-only-in-env': 'off' },
  },
  {
    name: 'house/default-exports',
    files: [...NEXT_SPECIAL_FILES, ...TOOL_FILES],
    rules: { 'import/no-default-export': 'off' },
  },
  {
    name: 'house/tests',
    files: TESTS,
    rules: {
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      'react-hooks/rules-of-hooks': 'off',
      'house/no-skipped-tests': 'error',
    },
  },
]

export default config
