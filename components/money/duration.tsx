/** "11 days", "1 day", "less than a day". */
export function daysText(days: number): string {
  if (days < 1) return 'less than a day'
  return days === 1 ? '1 day' : `${days} days`
}

/** Whole seconds as people read them: "26 s", "2 min 5 s", "3 h 10 min". */
export function Duration({ seconds }: { readonly seconds: number }) {
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const rest = seconds % 60
  const parts = [
    hours > 0 ? `${hours} h` : null,
    minutes > 0 ? `${minutes} min` : null,
    hours === 0 && (rest > 0 || minutes === 0) ? `${rest} s` : null,
  ]
  return <time dateTime={`PT${seconds}S`}>{parts.filter((part) => part !== null).join(' ')}</time>
}
