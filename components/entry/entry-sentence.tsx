import { USD } from '@/components/money/asset'
import { magnitudeOf, moneyText } from '@/components/money/format-money'
import type { EntryExplanationDto } from '@/lib/analytics/history-contract'

/** What happened, in one sentence, with the exact amount. */
export function EntrySentence({ explanation }: { readonly explanation: EntryExplanationDto }) {
  const { measured, entry } = explanation
  if (entry.kind !== 'usage' || measured === null) return <>{sentenceText(explanation)}</>
  return (
    <>
      You were charged {exact(explanation)} for {measured.quantity} {measured.unit} of {measured.what}
      {measured.subject !== null && (
        <>
          {' '}
          on <em className="font-medium">{measured.subject}</em>
        </>
      )}
      .
    </>
  )
}

function exact({ entry }: EntryExplanationDto): string {
  return moneyText(magnitudeOf(entry.amount), entry.asset, { precision: 'exact' })
}

function sentenceText(explanation: EntryExplanationDto): string {
  const { entry, payment } = explanation
  const amount = exact(explanation)
  const card = payment?.card ?? 'your card'
  const paid = payment === null ? amount : moneyText(payment.usd, USD)
  switch (entry.kind) {
    case 'purchase':
      return `You paid ${paid} with ${card} and received ${amount} in credits.`
    case 'recharge':
      return `Auto-recharge charged ${paid} to ${card} and added ${amount} in credits.`
    case 'grant':
      return `You received ${amount} in credits: ${entry.description}.`
    case 'coupon':
      return `A coupon added ${amount} in credits: ${entry.description}.`
    case 'usage':
      return `You were charged ${amount} for ${entry.description}.`
    case 'expiry':
      return `${amount} in credits expired unused: ${entry.description}.`
    case 'refund':
      return `${paid} was refunded to ${card}, and ${amount} in credits was taken back.`
    case 'dispute':
      return `The payment of ${paid} was disputed, and ${amount} in credits was taken back.`
    case 'reversal':
      return `An earlier entry was undone, which changed your balance by ${amount}: ${entry.description}.`
    case 'adjustment':
      return `Your balance was adjusted by ${moneyText(entry.amount, entry.asset, { precision: 'exact', sign: 'always' })}: ${entry.description}.`
    case 'settlement':
      return `${paid} was charged to ${card} to settle what you owed.`
  }
}
