import 'server-only'

import type { Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import { stripeClient } from './client'
import type { SetupFacts, StripeFailure } from './facts'
import { setupFacts } from './read-facts'

/** Reads how the saving of a card stands now. */
export async function readSetupIntent(setupIntentId: string): Promise<Result<SetupFacts, StripeFailure>> {
  return callStripe(async () => setupFacts(await stripeClient().setupIntents.retrieve(setupIntentId)))
}
