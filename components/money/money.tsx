import type { AssetDto, Decimal } from '@/lib/analytics/contract'
import { assetText, moneyText, type MoneyOptions } from './format-money'

type MoneyProps = MoneyOptions & {
  readonly amount: Decimal
  readonly asset: AssetDto
}

/** An amount, never guessed and never rounded by a float. Dollars first; the exact count of the asset is its title. */
export function Money({ amount, asset, ...options }: MoneyProps) {
  const title = asset.usdPrice === null || asset.code === 'usd' ? undefined : assetText(amount, asset)
  return (
    <data value={amount} title={title} className="whitespace-nowrap">
      {moneyText(amount, asset, options)}
    </data>
  )
}
