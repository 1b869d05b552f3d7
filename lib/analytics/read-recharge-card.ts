import 'server-only'

import type { ChargeState } from '@/lib/billing/rules/auto-charge'
import { creditPrice } from '@/lib/billing/rules/credit-price'
import { readTerms } from '@/lib/db/account-terms'
import { findAutoCharge } from '@/lib/db/auto-charges'
import { listCards } from '@/lib/db/cards'
import { findRecharge, type RechargeSetting } from '@/lib/db/recharges'
import { centsForCredits, formatDollars } from '@/lib/money/cents'

import type { RechargeDto } from './contract'
import { showCard } from './read-buy-page'
import type { ReadWallets } from './reader'
import { showAmount } from './show'

/** Auto-recharge as the overview shows it: what is set, and what went wrong. Of the pool's a Lite member learns nothing. */
export async function readRechargeCard({ seesPool, main }: ReadWallets, accountId: string): Promise<RechargeDto> {
  const setting = seesPool ? await findRecharge(accountId) : null
  if (setting?.enabled !== true) return { status: 'off' }
  const [{ state }, [card], { policy }] = await Promise.all([
    findAutoCharge(accountId),
    listCards(accountId),
    readTerms(accountId),
  ])
  const { threshold, size, monthlyCapCents } = setting
  const price = creditPrice(policy, main.asset.scale)
  const problem = problemOf(setting, state)
  return {
    status: problem === null ? 'on' : 'paused',
    threshold: showAmount(threshold, main.asset),
    trigger: policy.recharge_trigger,
    size:
      size.mode === 'target'
        ? { kind: 'target', to: showAmount(size.size, main.asset) }
        : { kind: 'amount', usd: formatDollars(centsForCredits(size.size, price.rate, price.scale)) },
    monthlyCapUsd: monthlyCapCents === null ? null : formatDollars(monthlyCapCents),
    card: card?.isDefault === true ? showCard(card) : null,
    problem,
  }
}

function problemOf({ blockedUntil }: RechargeSetting, { status, reason }: ChargeState): string | null {
  if (status === 'backing_off') return 'Your card was declined. It is tried again later, or at once with another card.'
  if (status === 'suspended') return reason === null ? SUSPENDED.declined : SUSPENDED[reason]
  if (status === 'charging' || blockedUntil === null) return null
  return 'This month’s limit is reached. Recharging goes on next month, or with a higher limit.'
}

const SUSPENDED = {
  declined: 'Your card was declined several times. Use another card to turn recharging on again.',
  hard_decline: 'Your bank will not accept this card any more. Use another one.',
  requires_action: 'Your bank wants you to confirm the last charge.',
  refused: 'The saved card cannot be charged any more. Save another one.',
  no_card: 'There is no saved card to charge. Save one to go on.',
  disputed: 'A charge is disputed. Recharging stops until somebody turns it on again.',
} as const satisfies Readonly<Record<NonNullable<ChargeState['reason']>, string>>
