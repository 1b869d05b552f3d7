import { z } from 'zod'

const settingsSchema = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  SANDBOX_DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address'),
  SANDBOX_SECRET_KEY: z
    .string()
    .regex(/^sk_test_\w+$/, 'must be a test key that starts with sk_test_, never a live key'),
  SANDBOX_WEBHOOK_SECRET: z.string().regex(/^whsec_\w+$/, 'must start with whsec_'),
  SANDBOX_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
})

/** What the sandbox process was told at its start. */
export type SandboxSettings = {
  readonly port: number
  readonly databaseUrl: string
  readonly secretKey: string
  readonly webhookSecret: string
  readonly webhookUrl: string | null
}

/** Reads the sandbox's own environment. Returns the sentences that say what is wrong, or the settings. */
export function readSandboxSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): { ok: true; value: SandboxSettings } | { ok: false; error: readonly string[] } {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = settingsSchema.safeParse(given)
  if (!parsed.success) {
    return { ok: false, error: parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`) }
  }
  const settings = parsed.data
  return {
    ok: true,
    value: {
      port: settings.SANDBOX_PORT,
      databaseUrl: settings.SANDBOX_DATABASE_URL,
      secretKey: settings.SANDBOX_SECRET_KEY,
      webhookSecret: settings.SANDBOX_WEBHOOK_SECRET,
      webhookUrl: settings.SANDBOX_WEBHOOK_URL ?? null,
    },
  }
}
