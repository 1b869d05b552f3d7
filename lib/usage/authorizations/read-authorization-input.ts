import 'server-only'

import { readDecimal } from '../contract'
import type { AuthorizationInput } from '../authorization-contract'
import type { AuthorizationSize, UsageSubject } from '../desk/request'
import { parseQuantity } from '@/lib/money/quantity'

/** What is to be authorized and for whom, in domain values. The input was validated by `authorizationInput`; anything else is a bug. */
export function readAuthorizationInput(input: AuthorizationInput): {
  readonly size: AuthorizationSize
  readonly subject: UsageSubject
} {
  const { member = null, key = null, resource = null, model = null, feature = null, dimensions = {} } = input
  return { size: readSize(input), subject: { member, key, resource, model, feature, dimensions } }
}

function readSize({ meter, quantity, asset, amount }: AuthorizationInput): AuthorizationSize {
  if (quantity !== undefined && meter !== undefined) return { meter, quantity: readDecimal(parseQuantity(quantity)) }
  if (amount !== undefined && asset !== undefined) return { asset, amountText: amount, meter: meter ?? null }
  throw new Error('an authorization names a quantity of a meter or an amount of an asset')
}
