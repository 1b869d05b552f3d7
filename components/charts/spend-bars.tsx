import { useId } from 'react'
import { dayText } from '@/components/money/format-time'
import { moneyText } from '@/components/money/format-money'
import { sharePercent } from '@/components/money/percent'
import { DataTable } from '@/components/ui/data-table'
import type { AssetDto, SpendDayDto } from '@/lib/analytics/contract'
import { axisTop, half } from './bar-scale'
import { ChartFigure } from './chart-figure'

type SpendBarsProps = {
  readonly days: readonly SpendDayDto[]
  readonly asset: AssetDto
  readonly caption: React.ReactNode
}

const HEIGHT = 168
/** Part of a day's width that its bar fills. */
const FILL = 0.68

const KIND_TEXT: Readonly<Record<SpendDayDto['kind'], string>> = {
  actual: 'Complete',
  partial: 'Partial, so far',
  projected: 'Projected',
}

/** Spend per day: solid days, today marked as partial, the projected rest of the month hatched. Drawn on the server. */
export function SpendBars({ days, asset, caption }: SpendBarsProps) {
  return (
    <ChartFigure
      caption={caption}
      drawing={<Drawing days={days} asset={asset} />}
      table={
        <DataTable
          caption="Spend per day"
          rows={days}
          rowKey={({ day }) => day}
          columns={[
            { header: 'Day', isPrimary: true, render: ({ day }) => dayText(day) },
            { header: 'State', render: ({ kind }) => KIND_TEXT[kind] },
            { header: 'Spent', isNumeric: true, render: ({ amount }) => moneyText(amount, asset) },
          ]}
        />
      }
    />
  )
}

function Drawing({ days, asset }: Pick<SpendBarsProps, 'days' | 'asset'>) {
  const top = axisTop(days.map(({ amount }) => amount))
  const axis = [top, half(top), '0']
  return (
    <div className="text-muted grid grid-cols-[auto_1fr] gap-x-3 text-xs">
      <div className="flex flex-col justify-between text-right" style={{ height: HEIGHT }}>
        {axis.map((value, index) => (
          <span key={value} className={index === 0 ? '-mt-2' : index === 2 ? '-mb-2' : ''}>
            {moneyText(value, asset)}
          </span>
        ))}
      </div>
      <Bars days={days} top={top} />
      <DayLabels days={days} />
    </div>
  )
}

function Bars({ days, top }: { readonly days: readonly SpendDayDto[]; readonly top: string }) {
  const hatch = useId()
  const step = 100 / days.length
  return (
    <svg width="100%" height={HEIGHT} className="overflow-visible">
      <defs>
        <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="2" height="6" className="fill-chart-1" />
        </pattern>
      </defs>
      {[0, HEIGHT / 2, HEIGHT].map((y) => (
        <line key={y} x1="0" x2="100%" y1={y} y2={y} className="stroke-line" />
      ))}
      {days.map(({ day, amount, kind }, index) => {
        const height = (sharePercent(amount, top) * HEIGHT) / 100
        return (
          <rect
            key={day}
            x={`${index * step + (step * (1 - FILL)) / 2}%`}
            width={`${step * FILL}%`}
            y={HEIGHT - height}
            height={height}
            {...(kind === 'actual'
              ? { className: 'fill-chart-1' }
              : kind === 'partial'
                ? { className: 'fill-chart-1/25 stroke-chart-1', strokeWidth: 1.5 }
                : { fill: `url(#${hatch})`, className: 'stroke-chart-1', strokeWidth: 0.75 })}
          />
        )
      })}
    </svg>
  )
}

/** First day, today and last day: enough to read the axis at every width. */
function DayLabels({ days }: { readonly days: readonly SpendDayDto[] }) {
  const todayIndex = days.findIndex(({ kind }) => kind === 'partial')
  const last = days.length - 1
  const labels = [
    { index: 0, text: dayText(days[0]?.day ?? '') },
    ...(todayIndex > 0 ? [{ index: todayIndex, text: 'Today' }] : []),
    ...(last - todayIndex > 4 ? [{ index: last, text: dayText(days[last]?.day ?? '') }] : []),
  ]
  return (
    <div className="relative col-start-2 mt-1.5 h-4">
      {labels.map(({ index, text }) => (
        <span
          key={text}
          className={`absolute whitespace-nowrap ${index === 0 ? '' : index === last ? '-translate-x-full max-sm:hidden' : '-translate-x-1/2'}`}
          style={{ left: `${((index === 0 ? 0 : index === last ? last + 1 : index + 0.5) * 100) / days.length}%` }}
        >
          {text}
        </span>
      ))}
    </div>
  )
}
