'use client'

import { Clock } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { USD } from '@/components/money/asset'
import { moneyText } from '@/components/money/format-money'
import { Spinner } from '@/components/ui/spinner'
import type { Dollars, OrganizationDto } from '@/lib/analytics/contract'
import { ResultPage } from './result-page'

const ASK_EVERY_MS = 2_000
const GIVE_UP_AFTER_MS = 60_000

type ConfirmingResultProps = {
  readonly organization: OrganizationDto
  readonly amountUsd: Dollars
}

/** Asks the server every two seconds for a minute whether the credits have arrived. Without JavaScript the page reloads itself. */
export function ConfirmingResult({ organization, amountUsd }: ConfirmingResultProps) {
  const [isSlow, setIsSlow] = useState(false)
  const router = useRouter()

  useEffect(() => {
    const asking = setInterval(() => router.refresh(), ASK_EVERY_MS)
    const givingUp = setTimeout(() => {
      clearInterval(asking)
      setIsSlow(true)
    }, GIVE_UP_AFTER_MS)
    return () => {
      clearInterval(asking)
      clearTimeout(givingUp)
    }
  }, [router])

  return (
    <>
      <noscript>
        <meta httpEquiv="refresh" content="5" />
      </noscript>
      <ResultPage
        icon={isSlow ? Clock : Spinner}
        tone="neutral"
        title={isSlow ? 'Still processing' : 'Confirming payment…'}
      >
        {isSlow
          ? `${moneyText(amountUsd, USD)} for ${organization.name} is taking longer than usual. Credits are added as soon as your bank confirms. You can leave; we will e-mail you.`
          : `${moneyText(amountUsd, USD)} for ${organization.name}. This takes a few seconds. You can leave; we will e-mail you.`}
      </ResultPage>
    </>
  )
}
