import 'server-only'

import { can } from '@/lib/auth/rules/permissions'
import { purchaseExpiry, purchaseTerms, type PurchaseTerms } from '@/lib/billing/rules/plan-purchase'
import { accountClock, type Clock } from '@/lib/clock'
import { listCards, type Card } from '@/lib/db/cards'
import { findContract } from '@/lib/db/contracts'
import { newId, showId } from '@/lib/db/ids'
import { readOwnerNames } from '@/lib/db/names'
import { findAccount, readOperatorPolicy } from '@/lib/db/organizations'
import type { PurserError } from '@/lib/errors'
import { cents, formatDollars, LARGEST_CHARGE_CENTS, parseDollars } from '@/lib/money/cents'
import { effectivePolicy, type EffectivePolicy } from '@/lib/organizations/rules/effective-policy'
import { err, ok, type Result } from '@/lib/result'

import type { CardDto } from './contract'
import { readRunway, readSpendHistory } from './estimates'
import type { BuyPageDto } from './purchase-contract'
import { brandName } from './rules/card-text'
import { readWallets, type Reader } from './reader'
import { showAmount, showBalance, showOrganization } from './show'

/**
 * Everything the buy page shows. Anyone of the organization may look: those who cannot buy are told whom to ask. `wantedUsd` is
 * chosen at first when it is a valid amount. Errors: forbidden.
 */
export async function readBuyPage(
  reader: Reader,
  wantedUsd: string | null,
  clock: Clock,
): Promise<Result<BuyPageDto, PurserError>> {
  const target = { organizationId: reader.organization.id }
  if (!can(reader.actor, 'balance:read', target)) return err({ code: 'forbidden' })
  const now = accountClock(reader.account, clock).now()
  const canBuy = can(reader.actor, 'credits:buy', target)
  const [wallets, policy, terms, ownerNames, cards] = await Promise.all([
    readWallets(reader),
    readEffectivePolicy(reader),
    readPurchaseTerms(reader, now),
    readOwnerNames(reader.organization.id),
    canBuy ? listCards(reader.account.id) : [],
  ])
  const history = await readSpendHistory(reader, wallets.main, now)
  const { runway } = await readRunway(reader, wallets.main, history, now)
  const packsUsd = policy.packs.value.map((pack) => formatDollars(cents(BigInt(pack))))
  const minimumUsd = formatDollars(cents(BigInt(policy.minimum_purchase_cents.value)))
  const [savedCard] = cards
  return ok({
    now: now.toISOString(),
    organization: showOrganization(reader),
    rights: { canBuy, canManageKeys: can(reader.actor, 'read_keys:manage', target), ownerNames },
    balance: showBalance(wallets.main, now),
    creditsPerUsd: policy.credits_per_usd.value,
    minimumUsd,
    maximumUsd: formatDollars(LARGEST_CHARGE_CENTS),
    packsUsd,
    selectedUsd: validAmount(wantedUsd) ?? packsUsd[1] ?? packsUsd[0] ?? minimumUsd,
    expiresAt: expiryOf(terms, now)?.toISOString() ?? null,
    averagePerDay: runway === null ? null : showAmount(runway.averagePerDay, wallets.main.asset),
    savedCard: savedCard === undefined ? null : showCard(savedCard),
    formToken: newId(),
  })
}

/** The policy in force for the reader's account. */
async function readEffectivePolicy({ account }: Reader): Promise<EffectivePolicy> {
  const [own, operator] = await Promise.all([findAccount(account.id), readOperatorPolicy()])
  return effectivePolicy(operator, own?.policy ?? {})
}

/** What the policy in force says about buying at an instant. */
export async function readPurchaseTerms(reader: Reader, now: Date): Promise<PurchaseTerms> {
  const { id, timeZone } = reader.account
  const [policy, contract] = await Promise.all([readEffectivePolicy(reader), findContract(id)])
  return purchaseTerms(policy, contract, timeZone, now)
}

/** When credits bought now expire; null: never, or with a contract that is not there. */
export function expiryOf({ expiry, contractEndsAt }: PurchaseTerms, now: Date): Date | null {
  const expiresAfterDays = typeof expiry === 'object' ? expiry.days : null
  return purchaseExpiry(now, { expiresAfterDays, expiresAt: expiry === 'contract_end' ? contractEndsAt : null })
}

/** A saved card as pages show it. */
export function showCard({ id, brand, last4, expMonth, expYear }: Card): CardDto {
  return { id: showId('crd', id), brand: brandName(brand), last4, expMonth, expYear }
}

function validAmount(text: string | null): string | null {
  const parsed = text === null ? null : parseDollars(text)
  return parsed?.ok === true && parsed.value > 0n ? formatDollars(parsed.value) : null
}
