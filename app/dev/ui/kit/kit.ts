import type { ReactNode } from 'react'
import { Actions } from './actions'
import { Data } from './data'
import { Feedback } from './feedback'
import { Forms } from './forms'
import { MoneyAndTime } from './money-and-time'

/** The sections of the gallery. `theme` keeps ids apart, since each section is on the page twice. */
export const KIT: readonly { readonly title: string; readonly render: (theme: string) => ReactNode }[] = [
  { title: 'Actions', render: () => Actions() },
  { title: 'Forms', render: (theme) => Forms({ theme }) },
  { title: 'Feedback', render: () => Feedback() },
  { title: 'Data', render: (theme) => Data({ theme }) },
  { title: 'Money and time', render: () => MoneyAndTime() },
]
