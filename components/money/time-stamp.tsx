import { useId } from 'react'
import { Tooltip } from '@/components/ui/tooltip'
import type { Instant } from '@/lib/analytics/contract'
import { bothZonesText, dateTimeText, relativeText } from './format-time'

type TimeStampProps = {
  readonly at: Instant
  readonly timeZone: string
  /** With it the text is relative ("5 min ago") and the moment shows on hover and focus; without it the text is the moment. */
  readonly now?: Instant
}

/** A moment: in the account's time zone, with UTC beside it on demand. */
export function TimeStamp({ at, timeZone, now }: TimeStampProps) {
  const id = useId()
  if (now === undefined) {
    return (
      <time dateTime={at} title={bothZonesText(at, timeZone)} className="whitespace-nowrap">
        {dateTimeText(at, timeZone)}
      </time>
    )
  }
  return (
    <Tooltip id={id} text={bothZonesText(at, timeZone)}>
      <time dateTime={at} className="whitespace-nowrap">
        {relativeText(at, now)}
      </time>
    </Tooltip>
  )
}
