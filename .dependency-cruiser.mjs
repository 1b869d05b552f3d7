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
const SCHEDULE = server('schedule')
const JOBS = server('jobs')
const HTTP = '^lib/http/(?!v1/)'
const MACHINE_API = '^lib/http/v1/'
const ENV = '^lib/env\\.ts$'
const GROUND_FLOOR = '^lib/(?:env|clock|log)\\.ts$'
// The time and the log, for every server room except the pure ones.
const CLOCK_AND_LOG = '^lib/(?:clock|log)\\.ts$'
const SERVER = [VERBS, SCHEDULE, DB, STRIPE, MAIL, AUTH, JOBS, '^lib/http/', ENV, CLOCK_AND_LOG]

// What whoever calls verbs may know besides.
const CALLS_VERBS = [VERBS, CLOCK_AND_LOG, CONTRACT, ...PURE]

// Around the product.
const SANDBOX = '^lib/sandbox/'
const LAUNCH = '^lib/launch/'
const TESTING = '^lib/testing/'
const DEMO = '^prisma/(?:seed\\.ts$|demo/)'
const CHECKS = '^lib/launch/(?:test|verify|boundaries|tour)[^/]*\\.ts$'
const BENCH = '^bench/'
const E2E = '^e2e/'
const TOOL_CONFIGS = '^[^/]+\\.config\\.(?:ts|mjs)$|^\\.dependency-cruiser\\.mjs$|^eslint\\.config\\.mjs$'
const WEBHOOK_ROUTE = '^app/api/stripe/webhook/'
const DEV_PAGES = '^app/dev/'
const PAGES_AND_ACTIONS = '^app/(?!api/stripe/webhook/|dev/)'
const PAGES_MAY = [VERBS, AUTH, HTTP, MACHINE_API, CLOCK_AND_LOG, CONTRACT, '^components/', ...PURE]
const FRONT = '^server\\.ts$'

/** A package of npm, or its types. */
const npm = (...names) => `(?:^|/)node_modules/(?:@types/)?(?:${names.join('|')})/`
const PRISMA = npm('@prisma', 'prisma', 'pg')
const NEXT = npm('next')
const NEXT_AUTH = npm('next-auth')
const STRIPE_SDK = npm('stripe')
const SERVER_ONLY = npm('server-only')
const ZOD = npm('zod')
// Calendars are arithmetic: these packages are pure as long as they are given the time.
const DATES = npm('date-fns', '@date-fns')
const ANY_PACKAGE = '(?:^|/)node_modules/'

/** An import that goes from here to there is an error. */
function forbid(name, comment, from, to) {
  return { name, severity: 'error', comment, from, to }
}

/** A room may import itself and what is listed, nothing else. */
function room(name, comment, from, may, among = {}) {
  return forbid(name, comment, { path: from, pathNot: TESTS }, { pathNot: [from, ...may], ...among })
}

/** As `room`, and Node's own modules. */
function serverRoom(name, comment, from, may) {
  return room(name, comment, from, [SERVER_ONLY, ...may], { dependencyTypesNot: ['core'] })
}

/** As `serverRoom`, and any npm package that no other rule forbids. */
function layer(name, comment, from, may) {
  return serverRoom(name, comment, from, [ANY_PACKAGE, ...may])
}

const pure = [
  room('money-imports-nothing', 'Money is the bottom: integers and names, nothing else.', MONEY, []),
  room('ledger-is-pure', 'The ledger decides with money and results alone.', LEDGER, [MONEY, RESULT]),
  room('rules-are-pure', 'A rule takes plain values and returns a decision.', RULES, [DATES, ...PURE]),
  room('words-are-pure', 'Results and errors are words of every layer.', '^lib/(?:result|errors)\\.ts$', [MONEY]),
  room('contracts-are-browser-safe', 'contract.ts is read on both sides of the wire.', CONTRACT, [ZOD, ...PURE]),
]

const adapters = [
  serverRoom('ground-floor-knows-no-room', 'It stands under every room.', GROUND_FLOOR, [ZOD, npm('pino'), ...PURE]),
  serverRoom('db-decides-nothing', 'It stores and finds domain types.', DB, [
    PRISMA,
    npm('typeid-js', 'rate-limiter-flexible'),
    ENV,
    ...PURE,
  ]),
  serverRoom('stripe-only-talks', "It turns Stripe's words into ours.", STRIPE, [STRIPE_SDK, ENV, ...PURE]),
  serverRoom('mail-only-sends', 'It writes and sends e-mail.', MAIL, [npm('nodemailer', 'react-email'), ENV, ...PURE]),
  forbid(
    'prisma-stays-in-db',
    'lib/db is the only door to PostgreSQL. The sandbox has a schema of its own.',
    { pathNot: [DB, SANDBOX, LAUNCH, TESTING, BENCH, TOOL_CONFIGS, TESTS] },
    { path: ['^lib/db/generated/', PRISMA] },
  ),
  forbid(
    'stripe-sdk-stays-in-stripe',
    'lib/stripe is the only door to Stripe. The sandbox speaks the same words from the other side.',
    { pathNot: [STRIPE, SANDBOX, TESTS] },
    { path: STRIPE_SDK },
  ),
  forbid('next-auth-stays-in-auth', 'lib/auth decides who is asking.', { pathNot: [AUTH, TESTS] }, { path: NEXT_AUTH }),
]

const verbs = [
  layer('verbs-use-adapters', 'A verb knows adapters and contracts.', VERBS, [
    DB,
    STRIPE,
    MAIL,
    CLOCK_AND_LOG,
    CONTRACT,
    ...PURE,
  ]),
  forbid(
    'verbs-do-not-know-next',
    'A verb must run from a page, a webhook, a job and a test; so must what it stands on.',
    { path: [VERBS, SCHEDULE, DB, STRIPE, MAIL, JOBS, SANDBOX], pathNot: TESTS },
    { path: [NEXT, NEXT_AUTH] },
  ),
  forbid(
    'verbs-stay-in-their-room',
    "Verbs of two rooms meet in the contract, never in each other's code.",
    { path: '^lib/(usage|billing|organizations|analytics|notifications)/', pathNot: TESTS },
    { path: VERBS, pathNot: '^lib/$1/' },
  ),
  layer('schedule-orders-verbs', 'Verbs of several rooms do what falls due, in order.', SCHEDULE, [DB, ...CALLS_VERBS]),
]

const transports = [
  serverRoom('auth-knows-viewers', 'It turns a session into a viewer and calls no verb.', AUTH, [
    NEXT_AUTH,
    NEXT,
    npm('react'),
    DB,
    ENV,
    CLOCK_AND_LOG,
    '^lib/auth/contract\\.ts$',
    ...PURE,
  ]),
  layer('http-wraps-only', 'It identifies, parses and answers; the verb is passed in.', HTTP, [
    AUTH,
    ENV,
    CLOCK_AND_LOG,
    ERRORS,
    RESULT,
    '^lib/http/contract\\.ts$',
  ]),
  layer('machine-api-calls-verbs', 'It parses and calls one verb.', MACHINE_API, [SCHEDULE, HTTP, ...CALLS_VERBS]),
  forbid(
    'machine-api-is-free-of-next',
    'The slim front runs these handlers without Next, so nothing that they load may load it.',
    { path: MACHINE_API, pathNot: TESTS },
    { path: [NEXT, NEXT_AUTH], reachable: true },
  ),
  layer('jobs-call-verbs', 'A task calls one verb; the worker reads the queue.', JOBS, [
    SCHEDULE,
    '^lib/db/jobs\\.ts$',
    ENV,
    ...CALLS_VERBS,
  ]),
  layer('app-calls-verbs', 'Pages and actions call verbs: no queries, no Stripe.', PAGES_AND_ACTIONS, PAGES_MAY),
  layer('dev-pages-are-pages', 'They may also ask whether this is the sandbox.', DEV_PAGES, [ENV, ...PAGES_MAY]),
  layer('webhook-route-verifies', 'It checks the signature and calls one verb.', WEBHOOK_ROUTE, [
    '^lib/stripe/verify-event\\.ts$',
    VERBS,
    HTTP,
    CLOCK_AND_LOG,
    CONTRACT,
    ...PURE,
  ]),
  forbid(
    'routes-do-not-import-routes',
    'What two parts of the site share lives in components or in a verb.',
    { path: '^app/\\(?([a-z-]+)\\)?/' },
    { path: '^app/[^/]+/', pathNot: '^app/\\(?$1\\)?/' },
  ),
  forbid(
    'pages-do-not-import-pages',
    'What two pages of an organization share lives in components or in a verb.',
    { path: '^app/o/\\[org\\]/([a-z-]+)/' },
    { path: '^app/o/\\[org\\]/[^/]+/', pathNot: '^app/o/\\[org\\]/$1/' },
  ),
  serverRoom('front-is-slim', 'Hot requests go to lib/http, the rest to Next.', FRONT, ['^lib/http/', ENV, NEXT]),
]

const presentation = [
  layer('components-show-only', 'Props in, markup out.', '^components/(?!ui/)', ['^components/ui/', CONTRACT, ...PURE]),
  forbid(
    'components-never-reach-the-server',
    'Anything in components may end up in the browser, directly or through an import of an import.',
    { path: '^components/' },
    { path: SERVER, reachable: true },
  ),
  room('ui-kit-knows-no-domain', 'The kit knows no word of the domain.', '^components/ui/', [
    npm('react', 'react-dom', '@base-ui', 'lucide-react'),
    // Links and forms are Next's; so are the types of addresses, which live in the module behind the bare name.
    `${NEXT}(?:link|form|navigation|dist/server/next)\\.`,
  ]),
  forbid(
    'lib-does-not-know-the-page',
    'Arrows run one way: app → lib.',
    { path: '^lib/' },
    { path: ['^app/', '^components/', FRONT] },
  ),
]

const surroundings = [
  forbid('sandbox-is-apart', 'It is reached over HTTP, as Stripe is.', { pathNot: SANDBOX }, { path: SANDBOX }),
  layer('sandbox-knows-no-product', 'It stands in for Stripe, so it may not know Purser.', SANDBOX, []),
  forbid(
    'launch-is-outermost',
    'lib/launch starts processes and may import anything in lib; nothing that it starts imports it.',
    { pathNot: [LAUNCH, TESTING, BENCH] },
    { path: LAUNCH },
  ),
  layer('e2e-sees-from-outside', 'Journeys see what a user sees.', E2E, [TESTING]),
  forbid(
    'no-test-code-in-product',
    'Factories, movable clocks and tests stay out of what is shipped. The demo drives the sandbox as a test does.',
    { pathNot: [TESTS, E2E, BENCH, TESTING, CHECKS, DEMO, TOOL_CONFIGS] },
    { path: [TESTS, TESTING, E2E, BENCH] },
  ),
  forbid(
    'no-dev-dependency-in-product',
    'What is installed without development packages must run.',
    { path: '^(?:app|components|lib|prisma)/|^server\\.ts$', pathNot: [TESTS, TESTING, CHECKS] },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(?:^|/)node_modules/@types/' },
  ),
]

const PLAN = [
  '^lib/(?:money|ledger|usage|billing|organizations|analytics|notifications|schedule|jobs|auth|stripe|db|mail|http)/',
  '^lib/(?:sandbox|testing|launch)/',
  '^lib/(?:env|clock|log|errors|result)\\.ts$',
]

const everywhere = [
  forbid('no-cycles', 'A cycle means that two modules are one module.', {}, { circular: true }),
  forbid('everything-resolves', 'An import that is not found is not checked.', {}, { couldNotResolve: true }),
  forbid('every-room-is-on-the-plan', 'A new room is a decision.', {}, { path: '^lib/', pathNot: PLAN }),
]

/** @type {import('dependency-cruiser').IConfiguration} */
const configuration = {
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

export default configuration
