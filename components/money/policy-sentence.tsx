import type { AssetDto, PolicyDto } from '@/lib/analytics/contract'
import { dateText } from './format-time'
import { moneyText } from './format-money'

type PolicySentenceProps = {
  readonly policy: PolicyDto
  readonly asset: AssetDto
  readonly timeZone: string
}

/** The rules of a balance in one line, next to the number they affect. */
export function PolicySentence({ policy, asset, timeZone }: PolicySentenceProps) {
  return (
    <>
      {expiryText(policy.expiry, timeZone)} {atZeroText(policy, asset)}
    </>
  )
}

function expiryText(expiry: PolicyDto['expiry'], timeZone: string): string {
  switch (expiry.kind) {
    case 'never':
      return 'Purchased credits never expire.'
    case 'days':
      return expiry.days === 365 ? 'Purchased credits last one year.' : `Purchased credits last ${expiry.days} days.`
    case 'contract_end':
      return expiry.at === null
        ? 'Credits expire when the contract ends.'
        : `Credits expire when the contract ends, on ${dateText(expiry.at, timeZone)}.`
  }
}

function atZeroText(policy: PolicyDto, asset: AssetDto): string {
  switch (policy.atZero) {
    case 'deny':
      return 'At zero, new requests are rejected.'
    case 'pause_runs':
      return 'At zero, runs pause until you add credits.'
    case 'charge_card':
      return 'At zero, a run in progress finishes and the rest is charged to your card.'
    case 'overdraft':
      return policy.overdraftLimit === null
        ? 'The balance may go below zero.'
        : `The balance may go down to ${moneyText(`-${policy.overdraftLimit}`, asset)}.`
  }
}
