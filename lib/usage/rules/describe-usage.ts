import { formatQuantity } from '@/lib/money/quantity'
import type { PricedEvent } from './price-event'

/** The line that the history shows for a usage event, without amounts: "25.4 s of GPU M on llama-70b-awq". */
export function describeUsage({ event, meterName, meterUnit }: PricedEvent): string {
  const target = event.resource ?? event.model
  return `${measure(grouped(formatQuantity(event.quantity)), meterUnit, meterName)}${target === null ? '' : ` on ${target}`}`
}

function measure(quantity: string, unit: PricedEvent['meterUnit'], name: string): string {
  switch (unit) {
    case 'second':
      return `${quantity} s of ${name}`
    case 'hour':
      return `${quantity} h of ${name}`
    case 'count':
      return `${quantity} × ${name}`
  }
}

/** A decimal with a comma between thousands, as people read it: "122,665.5". */
function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.')
  const commas = whole.replace(/\B(?=(?:\d{3})+$)/g, ',')
  return fraction === undefined ? commas : `${commas}.${fraction}`
}
