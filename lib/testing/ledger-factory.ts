import { randomUUID } from 'node:crypto'

import type { Actor } from '../auth/rules/actor'
import { lockBook } from '../db/books'
import { insertPrice, lockCatalogue, putMeter, type Meter } from '../db/catalogue'
import { withDueEntries } from '../db/due'
import { newId } from '../db/ids'
import { saveBook } from '../db/journal'
import { inTransaction } from '../db/pool'
import { credit, type CreditKind } from '../ledger/credit'
import type { NewGrant } from '../ledger/types'
import { CREDIT_SCALE, parseAmount, type Amount } from '../money/amount'
import { cents } from '../money/cents'
import type { UsageAccount } from '../usage/desk/request'
import { toUsageEvent, usageEventInput } from '../usage/contract'
import { recordUsage } from '../usage/record-usage'
import type { PriceDefinition } from '../usage/rules/price'

/** The operator's backend, as tests record usage. */
const BACKEND: Actor = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' }

/** An amount of the default asset, from a decimal string. */
function credits(text: string): Amount {
  const parsed = parseAmount(text, CREDIT_SCALE)
  if (!parsed.ok) throw new Error(`not an amount: ${text}`)
  return parsed.value
}

/** Credit that a test gives: unscoped, paid, never expiring, unless it says otherwise. */
export type GivenCredit = Partial<NewGrant> & {
  readonly amount: string
  readonly at: Date
  readonly kind?: CreditKind
  readonly actor?: string
  readonly description?: string
}

/** Writes one crediting entry with its grant, as the verbs do. Answers the ids of both. */
export async function giveCredit(
  accountId: string,
  { amount, at, kind = 'grant', actor = 'stripe', description = 'Credit', ...fields }: GivenCredit,
): Promise<{ readonly entryId: string; readonly grantId: string }> {
  const grant: NewGrant = {
    id: newId(),
    source: 'purchase',
    purpose: '',
    priority: 50,
    scope: null,
    costBasisCents: cents(100n),
    effectiveAt: at,
    expiresAt: null,
    paymentId: null,
    ...fields,
  }
  const entryId = newId()
  await inTransaction(async (tx) => {
    const before = await lockBook(tx, accountId, { assetCode: 'credit', scale: CREDIT_SCALE, memberId: null }, at)
    const due = withDueEntries(before, at)
    const posted = credit(due.book, { kind, amount: credits(amount), grant, at, occurredAt: at })
    if (!posted.ok) throw new Error('the wallet cannot hold this')
    const references = { grant: grant.id, payment: grant.paymentId }
    const details = { id: entryId, createdAt: at, idempotencyKey: `test:${entryId}`, actor, description, references }
    await saveBook(tx, before, posted.value.book, [...due.entries, { draft: posted.value.entry, details }])
  })
  return { entryId, grantId: grant.id }
}

/** Puts a meter with one price version into the test catalogue. */
export async function definePrice(
  meter: Pick<Meter, 'key' | 'name' | 'unit'>,
  definition: PriceDefinition,
): Promise<void> {
  const longAgo = new Date('2020-01-01T00:00:00Z')
  await inTransaction(async (tx) => {
    await lockCatalogue(tx, 'test')
    await putMeter(tx, 'test', { ...meter, heartbeatTimeoutSeconds: null })
    const price = {
      id: newId(),
      meter: meter.key,
      asset: 'credit',
      definition,
      effectiveFrom: longAgo,
      createdAt: longAgo,
    }
    await insertPrice(tx, 'test', price)
  })
}

/** What a test uses. The id is made up unless given. */
export type Used = {
  readonly meter: string
  readonly quantity: string
  readonly id?: string
  readonly [field: string]: string | undefined
}

/** Records usage through the verb, decided at `at`. Throws when an event is refused. Answers the entry ids. */
export async function useMeter(
  account: UsageAccount,
  at: Date,
  used: readonly Used[],
): Promise<readonly (string | null)[]> {
  const events = used.map((fields) =>
    toUsageEvent(usageEventInput.parse({ id: `evt-${randomUUID()}`, organization: 'unused', ...fields })),
  )
  const recorded = await recordUsage(BACKEND, account, events, { now: () => at })
  if (!recorded.ok) throw new Error(`usage was refused: ${recorded.error.code}`)
  return recorded.value.map((outcome) => {
    if (!outcome.ok) throw new Error(`an event was refused: ${JSON.stringify(outcome.error)}`)
    return outcome.value.entryId
  })
}
