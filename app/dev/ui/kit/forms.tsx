import { AmountChips } from '@/components/money/amount-chips'
import { MoneyField } from '@/components/money/money-field'
import { Checkbox } from '@/components/ui/checkbox'
import { ErrorSummary } from '@/components/ui/error-summary'
import { NativeSelect } from '@/components/ui/native-select'
import { SegmentedRadio } from '@/components/ui/segmented-radio'
import { Switch } from '@/components/ui/switch'
import { TextField } from '@/components/ui/text-field'

const RANGES = [
  { value: '7d', label: '7 days' },
  { value: '14d', label: '14 days' },
  { value: '30d', label: '30 days' },
] as const

export function Forms({ theme }: { readonly theme: string }) {
  const id = (name: string) => `${theme}-${name}`
  return (
    <>
      <TextField id={id('name')} name={id('name')} label="Name" hint="Shown on receipts." placeholder="Acme Robotics" />
      <TextField
        id={id('email')}
        name={id('email')}
        label="E-mail"
        defaultValue="ana@"
        error="Enter a full address, such as ana@acme.example."
      />
      <MoneyField id={id('amount')} name={id('amount')} label="Other amount" hint="Between $5.00 and $5,000.00." />
      <MoneyField
        id={id('low')}
        name={id('low')}
        label="Other amount"
        hint="Between $5.00 and $5,000.00."
        defaultValue="2"
        error="Enter at least $5.00."
      />
      <NativeSelect id={id('range')} name={id('range')} label="Range" options={RANGES} defaultValue="14d" />
      <AmountChips name={id('chips')} legend="Amount" packsUsd={['10', '25', '50', '100', '250']} selected="50" />
      <SegmentedRadio name={id('segments')} legend="Period" options={RANGES} defaultValue="14d" />
      <Checkbox name={id('save')} label="Save this card for auto-recharge" hint="Nothing more is charged now." />
      <Checkbox name={id('saved')} label="Already ticked" defaultChecked />
      <Switch name={id('recharge')} label="Auto-recharge" hint="Charges your default card." />
      <Switch name={id('alerts')} label="Alerts" defaultChecked />
      <ErrorSummary
        state={{
          errors: [
            { path: id('name'), message: 'Enter a name.' },
            { path: id('email'), message: 'Enter a full address.' },
            { path: id('low'), message: 'Enter at least $5.00.' },
          ],
        }}
      />
    </>
  )
}
