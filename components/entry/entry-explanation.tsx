import { ENTRY_KIND_LOOKS } from '@/components/history/entry-kind'
import { dateText } from '@/components/money/format-time'
import { magnitudeOf, moneyText, signOf } from '@/components/money/format-money'
import { TimeStamp } from '@/components/money/time-stamp'
import { Identifier } from '@/components/ui/identifier'
import { KeyValueGrid } from '@/components/ui/key-value-grid'
import type { EntryExplanationDto } from '@/lib/analytics/history-contract'
import { AllocationsTable } from './allocations-table'
import { ArithmeticTable } from './arithmetic-table'
import { EntrySentence } from './entry-sentence'
import { Recalculation } from './recalculation'

/** The heading of an explanation: "Usage, −$0.0312". Title of the page and name of the panel. */
export function explanationTitle({ entry }: EntryExplanationDto): string {
  const amount = moneyText(entry.amount, entry.asset, { precision: 'exact', sign: 'always' })
  return `${ENTRY_KIND_LOOKS[entry.kind].label}, ${amount}`
}

/** Everything behind one entry: what happened, how it was worked out, which credits paid, who, and that it recomputes. */
export function EntryExplanation({ explanation }: { readonly explanation: EntryExplanationDto }) {
  const { entry, organization, arithmetic, allocations, price } = explanation
  const { timeZone } = organization
  return (
    <div className="flex flex-col gap-7">
      <div>
        <p className="text-lg">
          <EntrySentence explanation={explanation} />
        </p>
        <p className="text-muted mt-1">
          <TimeStamp at={entry.occurredAt} timeZone={timeZone} /> · entry {explanation.sequence}
        </p>
      </div>
      {arithmetic.length > 0 && (
        <Section title="How it was worked out">
          <ArithmeticTable lines={arithmetic} asset={entry.asset} />
          {price !== null && (
            <p className="text-muted mt-2 text-sm">
              Price “{price.name}”, version {price.version}, in force from {dateText(price.effectiveFrom, timeZone)}.
            </p>
          )}
        </Section>
      )}
      {allocations.length > 0 && (
        <Section title={signOf(entry.amount) < 0 ? 'Credits used' : 'Credits added'}>
          <AllocationsTable allocations={allocations} asset={entry.asset} timeZone={timeZone} />
        </Section>
      )}
      <Section title="Balance">
        <BalanceChange explanation={explanation} />
      </Section>
      <Section title="Who and where">
        <References explanation={explanation} />
      </Section>
      <Recalculation explanation={explanation} />
    </div>
  )
}

function Section({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section>
      <h2 className="mb-1 text-base">{title}</h2>
      {children}
    </section>
  )
}

function BalanceChange({ explanation }: { readonly explanation: EntryExplanationDto }) {
  const { balanceBefore, balanceAfter, debtChange, entry } = explanation
  const exact = (amount: string) => moneyText(amount, entry.asset, { precision: 'exact' })
  const debt = signOf(debtChange)
  return (
    <>
      <p className="text-lg">
        {exact(balanceBefore)} <span aria-hidden>→</span>
        <span className="sr-only">before, then</span> <strong className="font-semibold">{exact(balanceAfter)}</strong>
      </p>
      {debt !== 0 && (
        <p className="text-muted text-sm">
          {exact(magnitudeOf(debtChange))}{' '}
          {debt > 0 ? 'was not covered by credits and is owed.' : 'of it repaid what was owed.'}
        </p>
      )}
    </>
  )
}

function References({ explanation: { who, links } }: { readonly explanation: EntryExplanationDto }) {
  return (
    <KeyValueGrid
      items={[
        ...who.map(({ label, value, isCode }) => ({
          label,
          value: isCode ? <Identifier id={value} what={label} /> : value,
        })),
        ...links.map(({ label, id, href }) => ({
          label,
          value: (
            <span className="inline-flex max-w-full flex-wrap items-center justify-end gap-x-3 gap-y-2">
              <Identifier id={id} what={label} />
              {href !== null && <ReferenceLink href={href} label={label} />}
            </span>
          ),
        })),
      ]}
    />
  )
}

/** Links of an explanation may leave the app (a receipt at Stripe), so they are plain anchors. */
function ReferenceLink({ href, label }: { readonly href: string; readonly label: string }) {
  return (
    <a href={href} className="text-accent inline-flex min-h-6 items-center hover:underline">
      Open<span className="sr-only"> {label}</span>
    </a>
  )
}
