import 'server-only'

import type { Asset } from '@/lib/db/catalogue'
import { summarize, type BalanceSummary } from '@/lib/ledger/balance'
import { ZERO_AMOUNT } from '@/lib/money/amount'
import { formatDecimal } from '@/lib/money/decimal'

import type { AssetDto, BalanceDto, OrganizationDto } from './contract'
import type { Reader, ReadWallet } from './reader'

/** A sum of smallest units as a decimal string: sums may be larger than what one wallet can hold. */
export function showAmount(units: bigint, { scale }: Pick<Asset, 'scale'>): string {
  return formatDecimal(units, scale)
}

/** An asset as pages name it: in running text after a number, so "Credits" becomes "credits" and "GPU hours" stays. */
export function showAsset({ code, name, scale, usdPrice }: Asset): AssetDto {
  const isCapitalized = /^[A-Z][^A-Z]*$/.test(name)
  return { code, name: isCapitalized ? name.toLowerCase() : name, scale, usdPrice: plainDecimal(usdPrice) }
}

/** What a wallet has at an instant; all zero while nothing was ever written to it. */
export function summaryOf({ book }: ReadWallet, at: Date): BalanceSummary {
  return book === null ? NOTHING : summarize(book, at)
}

/** The figures of a wallet. */
export function showBalance(wallet: ReadWallet, at: Date): BalanceDto {
  const { balance, available, held, debt } = summaryOf(wallet, at)
  const show = (units: bigint) => showAmount(units, wallet.asset)
  return {
    asset: showAsset(wallet.asset),
    balance: show(balance),
    available: show(available),
    held: show(held),
    debt: show(debt),
  }
}

/** The organization and account that a page is about. */
export function showOrganization({ organization, account }: Reader): OrganizationDto {
  return { slug: organization.slug, name: organization.name, mode: account.mode, timeZone: account.timeZone }
}

const NOTHING: BalanceSummary = {
  balance: ZERO_AMOUNT,
  held: ZERO_AMOUNT,
  available: ZERO_AMOUNT,
  unrestricted: ZERO_AMOUNT,
  upcoming: ZERO_AMOUNT,
  frozen: ZERO_AMOUNT,
  debt: ZERO_AMOUNT,
  nextExpiry: null,
}

/** A `numeric` column without its trailing zeros: "1.000000000000" is "1". */
function plainDecimal(text: string | null): string | null {
  return text === null || !text.includes('.') ? text : text.replace(/\.?0+$/, '')
}
