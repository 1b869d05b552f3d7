// Who may import whom. Type-only imports count too. `lib/testing/boundaries.test.ts` plants a violation of each rule.

const TESTS = '\\.test\\.tsx?$'

// Pure code.
const MONEY = '^lib/money/'
const LEDGER = '^lib/ledger/'
const RULES = '^lib/[^/]+/rules/'
const RESULT = '^lib/result\\.ts$'
const ERRORS = '^lib/errors\\.ts$'
const PURE = [MONEY, LEDGER, RULES, RESULT, ERRORS]
const CONTRACT = '^lib/[^/]+/[a-z-]*contract\\.ts$'

// Server rooms, without the pure code and the contracts inside them.
const server = (room) => `^lib/${room}/(?!rules/|[a-z-]*contract\\.ts$)`
const VERBS = server('(?:usage|billing|organizations|analytics|notifications)')
const DB = server('db')
const STRIPE = server('stripe')
const MAIL = server('mail')
const AUTH = server('auth')
const JOBS = server('jobs')
const HTTP = '^lib/http/(?!v1/)'
const MACHINE_API = '^lib/http/v1/'
const ENV = '^lib/env\\.ts$'
const SERVER = [VERBS, DB, STRIPE, MAIL, AUTH, JOBS, '^lib/http/', ENV]

// Around the product.
const SANDBOX = '^lib/sandbox/'
const LAUNCH = '^lib/launch/'
const TESTING = '^lib/testing/'
const CHECKS = '^lib/launch/(?:test|verify|boundaries)[^/]*\\.ts$'
const BENCH = '^bench/'
const E2E = '^e2e/'
const TOOL_CONFIGS = '^[^/]+\\.config\\.(?:ts|mjs)$|^\\.dependency-cruiser\\.mjs$|^eslint\\.config\\.mjs$'
const WEBHOOK_ROUTE = '^app/api/stripe/webhook/'

/** A package of npm, or its types. */
const npm = (...names) => `(?:^|/)node_modules/(?:@types/)?(?:${names.join('|')})/`
const PRISMA = npm('@prisma', 'prisma', 'pg')
const NEXT = npm('next')
const NEXT_AUTH = npm('next-auth')
const STRIPE_SDK = npm('stripe')
const SERVER_ONLY = npm('server-only')

/** A room may import itself and what is listed, nothing else. `node` lets it use Node's own modules. */
function room(name, comment, from, { may, except = [], node = false }) {
  return {
    name,
    severity: 'error',
    comment,
    from: { path: from, pathNot: [TESTS, ...except] },
    to: { pathNot: [from, ...may], ...(node ? { dependencyTypesNot: ['core'] } : {}) },
  }
}

/** As `room`, but any npm package may be used that no other rule forbids. */
function roomWithPackages(name, comment, from, { may, except = [] }) {
  return room(name, comment, from, { may: ['(?:^|/)node_modules/', ...may], except, node: true })
}

const pure = [
  room('money-imports-nothing', 'Money is the bottom: integers and names, nothing else.', MONEY, { may: [] }),
  room('ledger-is-pure', 'The ledger decides with money and results alone.', LEDGER, { may: [MONEY, RESULT] }),
  room(
    'rules-are-pure',
    'A rule takes plain values and returns a decision: no clock, database, framework or package.',
    RULES,
    {
      may: PURE,
    },
  ),
  room('words-are-pure', 'Results and errors are words that every layer uses.', '^lib/(?:result|errors)\\.ts$', {
    may: [MONEY],
  }),
  room(
    'contracts-are-browser-safe',
    'contract.ts is read on both sides of the wire: zod and pure code only.',
    CONTRACT,
    {
      may: [npm('zod'), ...PURE],
    },
  ),
]

const adapters = [
  room('env-reads-settings-only', 'Settings are read and checked before anything else is loaded.', ENV, {
    may: [npm('zod'), SERVER_ONLY, ...PURE],
    node: true,
  }),
  room('db-decides-nothing', 'lib/db stores and finds; it returns domain types and decides nothing.', DB, {
    may: [PRISMA, npm('pino', 'typeid-js'), SERVER_ONLY, ENV, ...PURE],
    node: true,
  }),
  room('stripe-only-talks', "lib/stripe turns Stripe's words into ours and decides nothing.", STRIPE, {
    may: [STRIPE_SDK, SERVER_ONLY, ENV, ...PURE],
    node: true,
  }),
  room('mail-only-sends', 'lib/mail writes and sends e-mail and decides nothing.', MAIL, {
    may: [npm('nodemailer', 'react', 'react-email', '@react-email'), SERVER_ONLY, ENV, ...PURE],
    node: true,
  }),
  {
    name: 'prisma-stays-in-db',
    severity: 'error',
    comment: 'lib/db is the only door to PostgreSQL. The sandbox has a schema of its own.',
    from: { pathNot: [DB, SANDBOX, LAUNCH, TESTING, BENCH, TOOL_CONFIGS, TESTS] },
    to: { path: ['^lib/db/generated/', PRISMA] },
  },
  {
    name: 'stripe-sdk-stays-in-stripe',
    severity: 'error',
    comment: 'lib/stripe is the only door to Stripe. The sandbox speaks the same words from the other side.',
    from: { pathNot: [STRIPE, SANDBOX, TESTS] },
    to: { path: STRIPE_SDK },
  },
  {
    name: 'next-auth-stays-in-auth',
    severity: 'error',
    comment: 'Who is asking is decided in lib/auth alone.',
    from: { pathNot: [AUTH, TESTS] },
    to: { path: NEXT_AUTH },
  },
]

const verbs = [
  roomWithPackages(
    'verbs-use-adapters',
    'A verb calls db, stripe and mail; of another verb it knows the contract.',
    VERBS,
    {
      may: [DB, STRIPE, MAIL, CONTRACT, ...PURE],
    },
  ),
  {
    name: 'verbs-do-not-know-next',
    severity: 'error',
    comment: 'A verb must run from a page, a webhook, a job and a test; so must what it stands on.',
    from: { path: [VERBS, DB, STRIPE, MAIL, JOBS, SANDBOX], pathNot: TESTS },
    to: { path: [NEXT, NEXT_AUTH] },
  },
  {
    name: 'verbs-stay-in-their-room',
    severity: 'error',
    comment: "Verbs of two rooms meet in the contract, never in each other's code.",
    from: { path: '^lib/(usage|billing|organizations|analytics|notifications)/', pathNot: TESTS },
    to: { path: VERBS, pathNot: '^lib/$1/' },
  },
]

const transports = [
  room(
    'auth-knows-viewers-only',
    'lib/auth turns a session into a viewer, reads members and settings, calls no verb.',
    AUTH,
    {
      may: [NEXT_AUTH, `${NEXT}navigation`, npm('react'), SERVER_ONLY, DB, ENV, '^lib/auth/contract\\.ts$', ...PURE],
      node: true,
    },
  ),
  roomWithPackages('http-wraps-only', 'lib/http identifies, parses and answers; a handler passes it the verb.', HTTP, {
    may: [AUTH, ENV, ERRORS, RESULT, '^lib/http/contract\\.ts$'],
  }),
  roomWithPackages('machine-api-calls-verbs', 'The machine API parses and calls one verb.', MACHINE_API, {
    may: [VERBS, HTTP, CONTRACT, ...PURE],
  }),
  {
    name: 'machine-api-is-free-of-next',
    severity: 'error',
    comment: 'The slim front runs these handlers without Next, so nothing that they load may load it.',
    from: { path: MACHINE_API, pathNot: TESTS },
    to: { path: [NEXT, NEXT_AUTH], reachable: true },
  },
  roomWithPackages('jobs-call-verbs', 'A task calls one verb and knows nothing else.', JOBS, {
    may: [VERBS, ENV, CONTRACT, ...PURE],
  }),
  roomWithPackages(
    'app-calls-verbs',
    'Pages, actions and routes call verbs: no rules, no queries, no Stripe.',
    '^app/',
    {
      may: [VERBS, AUTH, HTTP, MACHINE_API, CONTRACT, '^components/', ...PURE],
      except: [WEBHOOK_ROUTE],
    },
  ),
  roomWithPackages(
    'webhook-route-verifies',
    'The webhook route checks the signature and calls one verb.',
    WEBHOOK_ROUTE,
    {
      may: ['^lib/stripe/verify-event\\.ts$', VERBS, HTTP, CONTRACT, ...PURE],
    },
  ),
  {
    name: 'routes-do-not-import-routes',
    severity: 'error',
    comment: 'What two parts of the site share lives in components or in a verb.',
    from: { path: '^app/([^/]+)/' },
    to: { path: '^app/[^/]+/', pathNot: '^app/$1/' },
  },
  {
    name: 'pages-do-not-import-pages',
    severity: 'error',
    comment: 'What two pages of an organization share lives in components or in a verb.',
    from: { path: '^app/o/\\[org\\]/([^/]+)/' },
    to: { path: '^app/o/\\[org\\]/[^/]+/', pathNot: '^app/o/\\[org\\]/$1/' },
  },
  room('front-is-slim', 'server.ts hands hot requests to lib/http and everything else to Next.', '^server\\.ts$', {
    may: ['^lib/http/', ENV, NEXT, SERVER_ONLY],
    node: true,
  }),
]

const presentation = [
  roomWithPackages('components-show-only', 'Components take props and return markup.', '^components/(?!ui/)', {
    may: ['^components/ui/', CONTRACT, ...PURE],
  }),
  {
    name: 'components-never-reach-the-server',
    severity: 'error',
    comment: 'Anything in components may end up in the browser, directly or through an import of an import.',
    from: { path: '^components/' },
    to: { path: SERVER, reachable: true },
  },
  room('ui-kit-knows-no-domain', 'The kit knows React and Base UI, no word of the domain.', '^components/ui/', {
    may: [npm('react', 'react-dom', '@base-ui', 'lucide-react'), `${NEXT}link`],
  }),
  {
    name: 'lib-does-not-know-the-page',
    severity: 'error',
    comment: 'Arrows run one way: app → lib.',
    from: { path: '^lib/' },
    to: { path: ['^app/', '^components/', '^server\\.ts$'] },
  },
]

const surroundings = [
  {
    name: 'sandbox-is-another-process',
    severity: 'error',
    comment: 'The Stripe sandbox is reached over HTTP, as Stripe is.',
    from: { pathNot: [SANDBOX] },
    to: { path: SANDBOX },
  },
  roomWithPackages(
    'sandbox-knows-no-product',
    'The sandbox stands in for Stripe, so it may not know Purser.',
    SANDBOX,
    {
      may: [],
    },
  ),
  {
    name: 'launch-is-outermost',
    severity: 'error',
    comment: 'lib/launch starts processes and may import anything in lib; nothing that it starts imports it.',
    from: { pathNot: [LAUNCH, TESTING, BENCH] },
    to: { path: LAUNCH },
  },
  roomWithPackages('e2e-sees-from-outside', 'Journeys see what a user sees.', E2E, { may: [TESTING] }),
  {
    name: 'no-test-code-in-product',
    severity: 'error',
    comment: 'Factories, movable clocks and tests stay out of what is shipped.',
    from: { pathNot: [TESTS, E2E, BENCH, TESTING, CHECKS, TOOL_CONFIGS] },
    to: { path: [TESTS, TESTING, E2E, BENCH] },
  },
  {
    name: 'no-dev-dependency-in-product',
    severity: 'error',
    comment: 'What is installed without development packages must run.',
    from: { path: '^(?:app|components|lib|prisma)/|^server\\.ts$', pathNot: [TESTS, TESTING, CHECKS] },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(?:^|/)node_modules/@types/' },
  },
]

const everywhere = [
  {
    name: 'no-cycles',
    severity: 'error',
    comment: 'A cycle means that two modules are one module.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'everything-resolves',
    severity: 'error',
    comment: 'An import that is not found is an import that is not checked.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'every-room-is-on-the-plan',
    severity: 'error',
    comment: 'A new room or a loose file in lib is a decision: add it to the plan first.',
    from: {},
    to: {
      path: '^lib/',
      pathNot: [
        '^lib/(?:money|ledger|usage|billing|organizations|analytics|notifications|jobs|auth|stripe|db|mail|http)/',
        '^lib/(?:sandbox|testing|launch)/',
        '^lib/(?:env|errors|result)\\.ts$',
      ],
    },
  },
]

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [...pure, ...adapters, ...verbs, ...transports, ...presentation, ...surroundings, ...everywhere],
  options: {
    doNotFollow: { path: ['(?:^|/)node_modules/', '^lib/db/generated/'] },
    exclude: { path: ['^\\.next/', '^\\.data/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['react-server', 'import', 'require', 'node', 'default', 'types'],
    },
  },
}
