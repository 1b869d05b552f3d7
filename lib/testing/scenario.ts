import { randomUUID } from 'node:crypto'

import { expect } from 'vitest'

import { applyPreset } from '../../prisma/presets/apply-preset'
import type { Preset } from '../../prisma/presets/preset'
import { PRESETS } from '../../prisma/presets/presets'
import { systemClock } from '../clock'
import { findAccountNamed } from '../db/account-names'
import { findAccount, type Account } from '../db/organizations'
import { stopApiKeyListening } from '../organizations/authenticate-api-key'
import { findAccountBreaches } from './account-proof'
import { openApi, type Answered, type ApiClient } from './api'
import type { TestDatabase } from './database'
import { openTestDatabase } from './environment'
import { addPerson } from './organization'
import { SANDBOX_KEYS, startSandboxProcess, type SandboxProcess } from './sandbox-process'

const BACKEND = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' } as const

/** A business that was set up from its preset in a database of its own, with its API and a Stripe sandbox. */
export type Scenario = {
  readonly preset: Preset
  readonly api: ApiClient
  readonly sandbox: SandboxProcess
  /** Sets the preset up again. */
  readonly apply: () => Promise<readonly string[]>
  /** Makes a customer of real time; its time is moved by hand. */
  readonly addCustomer: (fields?: object) => Promise<Customer>
  /** What Stripe took from a customer, in cents, in the order in which it did. */
  readonly chargedCents: (customer: Customer) => Promise<readonly number[]>
  readonly close: () => Promise<void>
}

/** A customer of the business, as the operator's backend sees it. */
export type Customer = Awaited<ReturnType<typeof addCustomer>>

/** The year in which scenarios play: the next one, since a test clock goes forward only. */
export const YEAR = new Date().getUTCFullYear() + 1

/** Opens a scenario. Call it once, in `beforeAll`: it sets the environment. */
export async function openScenario(name: string): Promise<Scenario> {
  const preset = PRESETS.get(name)
  if (preset === undefined) throw new Error(`there is no preset ${name}`)
  const opened: { sandbox?: SandboxProcess } = {}
  const database: TestDatabase = await openTestDatabase(async ({ url }) => {
    opened.sandbox = await startSandboxProcess(url)
    return {
      STRIPE_API_BASE: opened.sandbox.url,
      STRIPE_SECRET_KEY: SANDBOX_KEYS.secretKey,
      STRIPE_WEBHOOK_SECRET: SANDBOX_KEYS.webhookSecret,
    }
  })
  const { sandbox } = opened
  if (sandbox === undefined) throw new Error('the sandbox was not started')
  const since = new Date()
  const apply = () => applyPreset({ key: BACKEND, name, since, clock: systemClock }, preset)
  await apply()
  const api = await openApi('web-standard handler')
  return {
    preset,
    api,
    sandbox,
    apply,
    addCustomer: (fields = {}) => addCustomer(api, fields),
    chargedCents: async (customer) => {
      const { id } = await customer.account()
      const charges = await sandbox.control.objects('charge')
      return charges
        .filter(({ metadata, paid }) => paid === true && (metadata as { account_id?: string }).account_id === id)
        .map((charge) => charge['amount'] as number)
        .reverse()
    },
    close: async () => {
      await api.close()
      await stopApiKeyListening()
      await sandbox.stop()
      await database.drop()
    },
  }
}

async function addCustomer(api: ApiClient, fields: object) {
  const id = `customer-${randomUUID()}`
  const body = { external_id: id, name: 'Customer', ...fields }
  expect((await api.call('POST', '/organizations', { body })).status).toBe(201)
  const call = (method: string, path: string, sent?: object): Promise<Answered> =>
    api.call(method, path, sent === undefined ? {} : { body: sent, headers: { 'idempotency-key': randomUUID() } })
  const account = async (): Promise<Account> => {
    const found = await findAccountNamed('test', id)
    const fresh = found === null ? null : await findAccount(found.id)
    if (fresh === null) throw new Error('the customer is gone')
    return fresh
  }
  const { organizationId } = await account()
  const get = async (path: string) => (await call('GET', `/organizations/${id}${path}`)).body
  return {
    id,
    account,
    owner: await addPerson(organizationId, 'owner', 'pro', new Date()),
    member: await addPerson(organizationId, 'member', 'pro', new Date()),
    /** Any call of the API, with a fresh idempotency key. */
    call,
    /** Reads something of the customer, below `/organizations/{org}`. */
    get,
    /** Sets something of the customer, below `/organizations/{org}`. Fails when it is refused. */
    put: async (path: string, sent: object) => {
      const answered = await call('PUT', `/organizations/${id}${path}`, sent)
      expect(answered.text, path).not.toContain('"code"')
      return answered.body
    },
    /** Moves the customer's time; everything due on the way happens. */
    moveTo: async (to: string) => {
      const moved = await call('POST', `/test_clock/${id}/advance`, { to })
      expect([moved.status, moved.body]).toEqual([200, { now: new Date(to).toISOString() }])
    },
    /** Records one usage event. */
    use: (meter: string, quantity: string | number, details: object = {}) =>
      call('POST', '/usage', { id: `evt-${randomUUID()}`, organization: id, meter, quantity, ...details }),
    /** Gives credit. Fails when it is refused. */
    grant: async (amount: string, details: object = {}) => {
      const given = await call('POST', '/grants', { organization: id, amount, purpose: 'Given', ...details })
      expect(given.status, given.text).toBe(201)
      return given.body
    },
    /** A wallet of the pool, as the balance answers it. */
    wallet: async (asset = 'credit') => {
      const wallets = (await get('/balance'))['wallets'] as readonly Readonly<Record<string, unknown>>[]
      return wallets.find((wallet) => wallet['asset'] === asset) ?? {}
    },
    /** The journal, oldest first: `kind amount → balance`, of one asset. */
    lines: async (asset = 'credit') => {
      const page = await get(`/entries?limit=200&asset=${asset}`)
      const data = page['data'] as readonly Readonly<Record<string, string>>[]
      return data.map((entry) => `${entry['kind']} ${entry['amount']} → ${entry['balance_after']}`).reverse()
    },
    /** Fails when anything in the books does not agree with anything else. */
    prove: async () => {
      const { id: accountId, clockAt } = await account()
      expect(await findAccountBreaches(accountId, clockAt ?? new Date())).toEqual([])
    },
  }
}
