import path from 'node:path'

import { startChild, type Child } from './children'
import { keepSecrets, localSecrets, type LocalSecrets } from './installation'
import { migrateAll } from './migrate'
import { freePort, startPostgres } from './postgres'

/** How the product is brought up. */
export type StackOptions = {
  /** Where embedded PostgreSQL and the local secrets live. */
  readonly folder: string
  /** `development` compiles pages as they are asked for; `production` serves the build. */
  readonly nodeEnv: 'development' | 'production'
  /** The port people open; the next free one when it is taken. */
  readonly port: number
  readonly print: (line: string) => void
  readonly settings?: readonly string[]
}

/** The product, up. */
export type Stack = {
  readonly url: string
  readonly secrets: LocalSecrets
  /** The environment that its processes were given. */
  readonly environment: Readonly<Record<string, string>>
  /** The Stripe sandbox's address; null when a real Stripe key is configured. */
  readonly sandboxUrl: string | null
  readonly children: readonly Child[]
  readonly stop: () => Promise<void>
}

/**
 * Brings up everything that is not configured from outside: PostgreSQL, migrations, Stripe sandbox, demo data, worker, web. When
 * one part fails, what was started is stopped again and the failure is thrown.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { folder, print } = options
  const started: { stop: () => Promise<void> }[] = []
  const stop = async (): Promise<void> => {
    for (const part of started.splice(0).reverse()) await part.stop()
  }
  try {
    let secrets = await localSecrets(folder)
    const database = await openDatabase(folder, options.settings ?? [])
    started.push(database)
    const applied = await migrateAll(database.url)
    if (applied.length > 0) print(`Applied ${applied.length} migrations.`)

    const port = await portFrom(options.port)
    const url = `http://localhost:${port}`
    const environment: Record<string, string> = {
      NODE_ENV: options.nodeEnv,
      NEXT_TELEMETRY_DISABLED: '1',
      PORT: String(port),
      APP_URL: process.env['APP_URL'] ?? url,
      DATABASE_URL: database.url,
      AUTH_SECRET: process.env['AUTH_SECRET'] ?? secrets.authSecret,
    }
    const sandbox = await openSandbox(secrets, environment, port, print)
    if (sandbox !== null) {
      started.push(sandbox.child)
      Object.assign(environment, sandbox.environment)
      secrets = await seedOnce(folder, secrets, environment, print)
    }
    const children = sandbox === null ? [] : [sandbox.child]
    for (const [name, file] of Object.entries({ worker: 'lib/launch/worker.ts', web: 'server.ts' })) {
      const child = await startChild(name, file, environment, print)
      started.push(child)
      children.push(child)
    }
    const sandboxUrl = sandbox === null ? null : (sandbox.child.announcement['listening'] ?? null)
    return { url, secrets, environment, sandboxUrl, children, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function openDatabase(folder: string, settings: readonly string[]) {
  const configured = process.env['DATABASE_URL']
  if (configured !== undefined && configured !== '') return { url: configured, stop: () => Promise.resolve() }
  const cluster = await startPostgres(path.join(folder, 'postgres'), settings)
  await cluster.ensureDatabase('purser')
  return { url: cluster.urlOf('purser'), stop: cluster.stop }
}

async function openSandbox(
  secrets: LocalSecrets,
  environment: Readonly<Record<string, string>>,
  port: number,
  print: (line: string) => void,
) {
  const configured = process.env['STRIPE_SECRET_KEY']
  if (configured !== undefined && configured !== '') return null
  const child = await startChild(
    'stripe sandbox',
    'lib/sandbox/main.ts',
    {
      SANDBOX_DATABASE_URL: environment['DATABASE_URL'],
      SANDBOX_SECRET_KEY: secrets.stripeKey,
      SANDBOX_WEBHOOK_SECRET: secrets.webhookSecret,
      SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${port}/api/stripe/webhook`,
    },
    print,
  )
  return {
    child,
    environment: {
      STRIPE_SECRET_KEY: secrets.stripeKey,
      STRIPE_WEBHOOK_SECRET: secrets.webhookSecret,
      STRIPE_API_BASE: child.announcement['listening'] ?? '',
    },
  }
}

/** Fills a fresh installation with the demo. Its test key is kept, so that every later start can print it again. */
async function seedOnce(
  folder: string,
  secrets: LocalSecrets,
  environment: Readonly<Record<string, string>>,
  print: (line: string) => void,
): Promise<LocalSecrets> {
  if (secrets.apiKey !== null) return secrets
  print('Writing the demo data …')
  const begun = { ...secrets, seedAt: secrets.seedAt ?? new Date().toISOString() }
  await keepSecrets(folder, begun)
  const seed = await startChild(
    'seed',
    'prisma/seed.ts',
    { ...environment, SEED_PASSWORD: begun.demoPassword, SEED_AT: begun.seedAt },
    print,
  )
  const apiKey = seed.announcement['ready'] ?? null
  await seed.exited
  const known = { ...begun, apiKey }
  await keepSecrets(folder, known)
  return known
}

async function portFrom(wanted: number): Promise<number> {
  return (await isFree(wanted)) ? wanted : freePort()
}

async function isFree(port: number): Promise<boolean> {
  const { createServer } = await import('node:net')
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}
