import 'server-only'

import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { readGrants } from '@/lib/db/books'
import { findEntry, readAllocations, type AllocationLine, type EntryLine } from '@/lib/db/entries'
import { readId, showId } from '@/lib/db/ids'
import { findPaymentFacts, type PaymentFacts } from '@/lib/db/payments-read'
import { inTransaction } from '@/lib/db/pool'
import { readUsageEvent, type UsageFacts } from '@/lib/db/usage-events'
import type { PurserError } from '@/lib/errors'
import { compareSpendingOrder } from '@/lib/ledger/spending-order'
import type { GrantState } from '@/lib/ledger/types'
import { formatDollars } from '@/lib/money/cents'
import { formatQuantity } from '@/lib/money/quantity'
import { err, ok, type Result } from '@/lib/result'
import { arithmeticLines } from '@/lib/usage/rules/arithmetic'

import { isProven, rateAgain, type RatedAgain } from './entry-proof'
import { linksOf, whoOf } from './entry-references'
import { showHistoryItems } from './entry-rows'
import type { AllocationDto, EntryExplanationDto } from './history-contract'
import { readWallets, walletWithId, type Reader, type ReadWallet, type ReadWallets } from './reader'
import { arithmeticRows, unitWord } from './rules/arithmetic-rows'
import { cardText } from './rules/card-text'
import { lotLabel, whyFirst, type MeterNames } from './rules/lots'
import { showAmount, showOrganization } from './show'

/**
 * Everything behind one entry: what was metered, the arithmetic, the grants in the order in which they paid, and whether it all still
 * works out to the last digit. `entryId` as the page's address has it (`ent_…`). An entry of another account, or of a wallet that the
 * reader may not see, does not exist. Errors: forbidden, not_found.
 */
export async function explainEntry(
  reader: Reader,
  entryId: string,
  clock: Clock,
): Promise<Result<EntryExplanationDto, PurserError>> {
  if (!can(reader.actor, 'history:read', { organizationId: reader.organization.id })) return err({ code: 'forbidden' })
  const id = readId('ent', entryId)
  const [wallets, line] = await Promise.all([
    readWallets(reader),
    id === null ? null : findEntry(reader.account.id, id),
  ])
  const wallet = line === null ? null : walletWithId(wallets, line.walletId)
  if (line === null || wallet === null) return err({ code: 'not_found', what: 'entry' })
  const behind = await readBehind(reader.account.id, line)
  const rated = behind.event === null ? null : rateAgain(behind.event, wallets.catalogue)
  const [row] = await showHistoryItems(reader.account.id, [{ kind: 'entry', line, asset: wallet.asset }])
  if (row === undefined) throw new Error('an entry was not shown')
  const show = (units: bigint) => showAmount(units, wallet.asset)
  return ok({
    now: accountClock(reader.account, clock).now().toISOString(),
    organization: showOrganization(reader),
    entry: row,
    sequence: Number(line.sequence),
    ...showUsage(behind.event, rated, wallets),
    payment: showPayment(behind.payment),
    allocations: showAllocations(wallet, wallets.catalogue.meters, line, behind),
    debtChange: show(line.debtChange),
    balanceBefore: show(line.balanceAfter - line.amount),
    balanceAfter: show(line.balanceAfter),
    who: whoOf(row, line, behind.event),
    links: linksOf(reader.organization.slug, line, behind.payment),
    recalculation: await recalculate(reader.account.id, wallet, line, behind, rated),
  })
}

/** What an entry points at. */
type Behind = {
  readonly allocations: readonly AllocationLine[]
  readonly grants: ReadonlyMap<string, GrantState>
  /** The event that a usage entry charged. */
  readonly event: UsageFacts | null
  readonly payment: PaymentFacts | null
}

async function readBehind(accountId: string, line: EntryLine): Promise<Behind> {
  const allocations = await readAllocations(accountId, line.id)
  const grantIds = [...new Set(allocations.map(({ grantId }) => grantId))]
  const [grants, event, payment] = await Promise.all([
    inTransaction((tx) => readGrants(tx, accountId, grantIds)),
    line.kind === 'usage' && line.eventId !== null ? readUsageEvent(accountId, line.eventId) : null,
    line.paymentId === null ? null : findPaymentFacts(accountId, line.paymentId),
  ])
  return { allocations, grants: new Map(grants.map((grant) => [grant.id, grant])), event, payment }
}

function showUsage(
  event: UsageFacts | null,
  rated: RatedAgain | null,
  { catalogue }: ReadWallets,
): Pick<EntryExplanationDto, 'measured' | 'arithmetic' | 'price'> {
  const meter = event === null ? undefined : catalogue.meters.get(event.meter)
  if (event === null || meter === undefined) return { measured: null, arithmetic: [], price: null }
  const { name, unit } = meter
  const metered = { name, unit, quantity: formatQuantity(event.quantity), covered: formatQuantity(event.covered) }
  const billed = rated?.rating === null || rated === null ? event.quantity : rated.rating.billableQuantity
  const quantity = formatQuantity(billed)
  return {
    measured: { what: name, quantity, unit: unitWord(unit, quantity), subject: event.resource ?? event.model },
    arithmetic: rated?.rating ? arithmeticRows(arithmeticLines(rated.rating.steps), metered) : [],
    price:
      rated === null ? null : { name, version: rated.version, effectiveFrom: rated.price.effectiveFrom.toISOString() },
  }
}

function showPayment(payment: PaymentFacts | null): EntryExplanationDto['payment'] {
  if (payment === null) return null
  return { usd: formatDollars(payment.amountCents), card: cardText(payment.cardBrand, payment.cardLast4) }
}

function showAllocations(
  { asset, book }: ReadWallet,
  meters: MeterNames,
  line: EntryLine,
  behind: Behind,
): readonly AllocationDto[] {
  const drawn = behind.allocations.map((allocation) => ({ allocation, grant: behind.grants.get(allocation.grantId) }))
  return drawn.map(({ allocation, grant }, index) => {
    if (grant === undefined) throw new Error(`grant ${allocation.grantId} of entry ${line.id} is gone`)
    const next = drawn[index + 1]?.grant ?? nextInLine(book?.grants ?? [], grant, line, behind)
    return {
      order: allocation.order,
      grantId: showId('grt', grant.id),
      label: lotLabel(grant),
      amount: showAmount(allocation.amount, asset),
      remaining: showAmount(grant.remaining, asset),
      expiresAt: grant.expiresAt?.toISOString() ?? null,
      reason:
        allocation.amount < 0n && line.kind === 'usage' && next !== undefined ? whyFirst(grant, next, meters) : null,
    }
  })
}

/** The grant that would have paid next: there when the entry was written, and later in the spending order. */
function nextInLine(
  open: readonly GrantState[],
  grant: GrantState,
  { sequence }: EntryLine,
  { grants }: Behind,
): GrantState | undefined {
  return open.find(
    (other) => other.sequence < sequence && !grants.has(other.id) && compareSpendingOrder(grant, other) < 0,
  )
}

async function recalculate(
  accountId: string,
  { asset }: ReadWallet,
  line: EntryLine,
  { allocations, event }: Behind,
  rated: RatedAgain | null,
): Promise<EntryExplanationDto['recalculation']> {
  const moved = allocations.reduce((sum, allocation) => sum + allocation.amount, 0n) - line.debtChange
  const charged = rated === null || rated.rating === null ? null : -rated.rating.amount
  const amount = event === null ? moved : (charged ?? 0n)
  const matches = amount === line.amount && (await isProven(accountId, line, allocations))
  return { matches, amount: showAmount(amount, asset) }
}
