import type { AssetDto } from '@/lib/analytics/contract'

/** Dollars on a card, to show them with the same components as credits. */
export const USD: AssetDto = { code: 'usd', name: 'US dollars', scale: 2, usdPrice: '1' }
