import 'server-only'

import { z } from 'zod'

const optionalText = z
  .string()
  .optional()
  .transform((value) => (value === '' ? undefined : value))

const settings = z
  .object({
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    DATABASE_URL: z
      .string({ error: 'is missing: give the connection string of a PostgreSQL 15 or newer' })
      .regex(/^postgres(ql)?:\/\//, 'must start with postgresql://'),
    DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(12),
    PORT: z.coerce.number().int().min(1).max(65535).default(3000),
    APP_URL: z
      .url('must be the address people open, such as https://billing.example.com')
      .default('http://localhost:3000'),
    AUTH_SECRET: z
      .string({ error: 'is missing: give 32 or more random characters (openssl rand -base64 32)' })
      .min(32, 'is too short: give 32 or more random characters (openssl rand -base64 32)'),
    STRIPE_SECRET_KEY: z
      .string({ error: 'is missing: give the secret key of your Stripe account' })
      .regex(/^(sk|rk)_(test|live)_/, 'must start with sk_test_ or sk_live_'),
    STRIPE_WEBHOOK_SECRET: z
      .string({ error: 'is missing: give the signing secret of the webhook endpoint' })
      .regex(/^whsec_/, 'must start with whsec_'),
    STRIPE_API_BASE: optionalText.pipe(z.url('must be an http address').optional()),
    SMTP_URL: optionalText.pipe(z.url('must look like smtp://user:password@host:587').optional()),
    MAIL_FROM: z.string().default('Purser <billing@localhost>'),
    GITHUB_CLIENT_ID: optionalText,
    GITHUB_CLIENT_SECRET: optionalText,
    GOOGLE_CLIENT_ID: optionalText,
    GOOGLE_CLIENT_SECRET: optionalText,
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  })
  .refine((value) => value.STRIPE_API_BASE === undefined || isLoopback(value.STRIPE_API_BASE), {
    path: ['STRIPE_API_BASE'],
    message: 'is for the Stripe sandbox on this machine: only a loopback address is accepted',
  })
  .refine((value) => value.STRIPE_API_BASE === undefined || value.STRIPE_SECRET_KEY.startsWith('sk_test_'), {
    path: ['STRIPE_SECRET_KEY'],
    message: 'must be a test key while STRIPE_API_BASE names a sandbox',
  })

/** The validated environment. Read once per process. */
export type Env = Readonly<z.infer<typeof settings>>

/** A broken environment: each line names one variable and what to do about it. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

let current: Env | undefined

/** The environment of this process. Throws `EnvironmentError` naming each missing or bad variable. */
export function env(): Env {
  current ??= readEnv(process.env)
  return current
}

/** Reads and checks an environment without keeping it. Throws `EnvironmentError`. */
export function readEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const parsed = settings.safeParse(source)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`)
  throw new EnvironmentError(
    `The environment is not complete:\n${lines.join('\n')}\nSet them in .env or the environment.`,
  )
}

/** Tells next-auth where it is served. It reads that from the environment and from nowhere else. */
export function tellNextAuthItsAddress(): void {
  process.env['NEXTAUTH_URL'] = new URL('/api/auth', env().APP_URL).toString()
}

/** True when payments go to the Stripe sandbox on this machine: demo personas, mailbox and /dev pages exist only then. */
export function isSandbox(): boolean {
  return env().STRIPE_API_BASE !== undefined
}

/** The mode of the billing accounts that this installation's Stripe key can charge. */
export function paymentMode(): 'live' | 'test' {
  return /^(sk|rk)_live_/.test(env().STRIPE_SECRET_KEY) ? 'live' : 'test'
}

function isLoopback(address: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname)
}
