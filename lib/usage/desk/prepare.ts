import 'server-only'

import type { AccountTerms } from '@/lib/db/account-terms'
import type { SpendingMember } from '@/lib/db/account-members'
import type { Catalogue } from '@/lib/db/catalogue'
import { invalidField, type PurserError } from '@/lib/errors'
import { parseAmount, type Amount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'

import { periodOf } from '../rules/period'
import type { Price } from '../rules/price'
import { priceEvent, type PricedEvent } from '../rules/price-event'
import { refuseOccurredAt, type UsageEvent } from '../rules/usage-event'
import type { DeskRequest, UsageSubject } from './request'

/** The wallet that a request is decided on. */
export type NamedWallet = { readonly assetCode: string; readonly scale: number; readonly memberId: string | null }

/** What a request would spend: usage that has a price, an amount that was named, or nothing. */
export type Cost =
  | {
      readonly kind: 'priced'
      readonly priced: PricedEvent
      readonly allowancePeriod: Date | null
      /** The pool wallets of every asset in which the meter was ever priced: whoever holds them all guards its counters. */
      readonly guards: readonly NamedWallet[]
    }
  | { readonly kind: 'amount'; readonly amount: Amount; readonly occurredAt: Date }
  | { readonly kind: 'nothing' }

/** A request as far as it can be understood before anything is locked. */
export type Prepared = {
  readonly request: DeskRequest
  readonly terms: AccountTerms
  readonly now: Date
  readonly understood: Result<{ readonly wallet: NamedWallet; readonly cost: Cost }, PurserError>
}

/** The catalogue and the members by which requests are understood. */
export type Directory = {
  readonly catalogue: Catalogue
  /** The members that requests of this account name, by their external ids. */
  readonly members: ReadonlyMap<string, SpendingMember>
}

/** Finds the price and the wallet of a request. What is refused here may still be a replay, which is looked for first. */
export function prepare(request: DeskRequest, terms: AccountTerms, directory: Directory, now: Date): Prepared {
  return { request, terms, now, understood: understand(request, terms, directory, now) }
}

/** Who and what a request is about. */
export function subjectOf(request: DeskRequest): UsageSubject {
  switch (request.kind) {
    case 'record':
      return request.event
    case 'authorize':
      return request.subject
    case 'capture':
      return { ...request.hold.purpose, dimensions: { ...request.hold.purpose.dimensions, ...request.dimensions } }
    default:
      return request.hold.purpose
  }
}

function understand(
  request: DeskRequest,
  terms: AccountTerms,
  directory: Directory,
  now: Date,
): Prepared['understood'] {
  switch (request.kind) {
    case 'record':
      return understandEvent(request.event, terms, directory, now)
    case 'authorize':
      if ('quantity' in request.size) {
        const { meter, quantity } = request.size
        return understandEvent(eventOf(request, request.holdId, meter, quantity, null), terms, directory, now)
      }
      return understandAmount(request.size, request.subject, directory, now)
    case 'capture':
      return understandCapture(request, terms, directory, now)
    default:
      return ok({ wallet: walletOfHold(request.hold), cost: { kind: 'nothing' } })
  }
}

function understandEvent(
  event: UsageEvent,
  terms: AccountTerms,
  { catalogue, members }: Directory,
  now: Date,
  memberId = liteMemberOf(event.member, members),
): Prepared['understood'] {
  const meter = catalogue.meters.get(event.meter)
  const metered = meter === undefined ? null : { ...meter, versions: catalogue.prices.get(event.meter) ?? [] }
  const priced = priceEvent(event, metered, terms, now)
  if (!priced.ok) return priced
  const { price, occurredAt } = priced.value
  const { plan } = terms
  const isCovered = memberId === null && plan !== null && plan.allowances.has(event.meter)
  const allowancePeriod = isCovered ? periodOf(occurredAt, terms.timeZone, plan.anchorDay, 'month').start : null
  return ok({
    wallet: { assetCode: price.asset, scale: price.scale, memberId },
    cost: { kind: 'priced', priced: priced.value, allowancePeriod, guards: guardsOf(metered?.versions ?? []) },
  })
}

/** Usage from before a change of asset may be reported beside usage from after it, and both count in one period of the meter. */
function guardsOf(versions: readonly Price[]): readonly NamedWallet[] {
  const assets = new Map(versions.map(({ asset, scale }) => [asset, scale]))
  return [...assets].map(([assetCode, scale]) => ({ assetCode, scale, memberId: null }))
}

function understandAmount(
  size: { readonly asset: string; readonly amountText: string },
  subject: UsageSubject,
  { catalogue, members }: Directory,
  now: Date,
): Prepared['understood'] {
  const asset = catalogue.assets.get(size.asset)
  if (asset === undefined) return err(invalidField('asset', `There is no asset "${size.asset}". Add it first.`))
  const amount = readAmount(size.amountText, asset.scale)
  if (!amount.ok) return amount
  const memberId = liteMemberOf(subject.member, members)
  return ok({
    wallet: { assetCode: asset.code, scale: asset.scale, memberId },
    cost: { kind: 'amount', amount: amount.value, occurredAt: now },
  })
}

function understandCapture(
  request: Extract<DeskRequest, { kind: 'capture' }>,
  terms: AccountTerms,
  directory: Directory,
  now: Date,
): Prepared['understood'] {
  const { hold, size, eventId } = request
  const wallet = walletOfHold(hold)
  if ('amountText' in size) {
    const occurredAt = request.occurredAt ?? now
    const refusal = refuseOccurredAt(occurredAt, now)
    if (refusal !== null) return err({ code: 'invalid_input', errors: [refusal] })
    const amount = readAmount(size.amountText, hold.scale)
    return amount.ok ? ok({ wallet, cost: { kind: 'amount', amount: amount.value, occurredAt } }) : amount
  }
  if (hold.purpose.meter === null) {
    return err(invalidField('quantity', 'This authorization is for an amount. Send amount instead.'))
  }
  const event = eventOf(request, eventId, hold.purpose.meter, size.quantity, request.occurredAt)
  // A member who has changed seats since then still pays from where the credit was set aside, and is covered as it was.
  const understood = understandEvent(event, terms, directory, now, hold.memberId)
  if (!understood.ok) return understood
  if (understood.value.wallet.assetCode !== hold.assetCode) {
    return err({ code: 'invalid_state', message: 'The meter is priced in another asset by now. Capture an amount.' })
  }
  return understood
}

function eventOf(
  request: Extract<DeskRequest, { kind: 'authorize' | 'capture' }>,
  id: string,
  meter: string,
  quantity: UsageEvent['quantity'],
  occurredAt: Date | null,
): UsageEvent {
  const { member, key, resource, model, feature, dimensions } = subjectOf(request)
  const cost = request.kind === 'capture' ? request.cost : null
  const organization = request.account.organizationId
  return { id, organization, meter, quantity, occurredAt, member, key, resource, model, feature, dimensions, cost }
}

function readAmount(text: string, scale: number): Result<Amount, PurserError> {
  const parsed = parseAmount(text, scale)
  if (parsed.ok) return ok(parsed.value)
  const message = parsed.error === 'too_many_decimals' ? `Use at most ${scale} decimals.` : 'Use a smaller amount.'
  return err(invalidField('amount', message))
}

function liteMemberOf(member: string | null, members: Directory['members']): string | null {
  const known = member === null ? undefined : members.get(member)
  return known?.seat === 'lite' ? known.id : null
}

function walletOfHold({ assetCode, scale, memberId }: NamedWallet): NamedWallet {
  return { assetCode, scale, memberId }
}
