import 'server-only'

import type { PurserError } from '@/lib/errors'
import { problemOf } from '@/lib/http/problem'
import { unexpectedProblem } from '@/lib/http/unexpected'
import { err } from '@/lib/result'
import { toUsageEvent, usageBatchAnswer, usageBatchInput, usageEventInput } from '@/lib/usage/contract'
import type { UsageBatchAnswer, UsageBatchInput, UsageEventInput } from '@/lib/usage/contract'
import { idField } from '@/lib/usage/field-contract'
import { findUsageAccounts, type NamedUsageAccount } from '@/lib/usage/find-usage-account'
import { recordUsage } from '@/lib/usage/record-usage'
import { toUsageAnswer } from '@/lib/usage/usage-answer'

import { readInput } from '../read-input'
import { answer, route, type ApiCall } from '../route'

type Call = ApiCall<UsageBatchInput, unknown>
type BatchResult = UsageBatchAnswer['results'][number]
type Placed = { readonly index: number; readonly event: UsageEventInput; readonly account: NamedUsageAccount }

/** `POST /usage/batch`: each event stands alone, whatever its neighbours are and whichever organization they name. */
export const recordUsageBatchRoute = route({
  method: 'POST',
  path: '/usage/batch',
  summary: 'Record up to a thousand metered facts; each stands alone',
  body: usageBatchInput,
  answers: { 200: { description: 'One result an event, in the order given.', schema: usageBatchAnswer } },
  handle: async (call) => {
    const inputs = call.body.events.map((event) => readInput(usageEventInput, event))
    const accounts = await findUsageAccounts(
      call.actor,
      inputs.flatMap((input) => (input.ok ? [input.value.organization] : [])),
    )
    const results = new Map<number, BatchResult>()
    const placed = inputs.flatMap((input, index): readonly Placed[] => {
      const account = input.ok ? (accounts.get(input.value.organization) ?? NOT_FOUND) : input
      if (input.ok && account.ok) return [{ index, event: input.value, account: account.value }]
      if (!account.ok) results.set(index, refusal(call, idOf(call.body.events[index]), account.error))
      return []
    })
    await Promise.all(groupByAccount(placed).map((group) => recordGroup(call, group, results)))
    return answer(200, { results: inputs.map((_input, index) => resultAt(results, index)) })
  },
})

const NOT_FOUND = err({ code: 'not_found', what: 'organization' } as const)

function groupByAccount(placed: readonly Placed[]): readonly (readonly Placed[])[] {
  const groups = new Map<string, Placed[]>()
  for (const item of placed) {
    const group = groups.get(item.account.id)
    if (group === undefined) groups.set(item.account.id, [item])
    else group.push(item)
  }
  return [...groups.values()]
}

/** Records the events of one account. Trouble of one account is not the others': it is answered in its own results. */
async function recordGroup(call: Call, group: readonly Placed[], results: Map<number, BatchResult>): Promise<void> {
  const account = group[0]?.account
  if (account === undefined) return
  try {
    const events = group.map(({ event }) => toUsageEvent(event))
    const recorded = await recordUsage(call.actor, account, events, call.clock)
    group.forEach(({ index, event }, place) => {
      const decision = recorded.ok ? (recorded.value[place] ?? UNDECIDED) : recorded
      results.set(
        index,
        decision.ok ? toUsageAnswer(decision.value) : refusal(call, event.id, decision.error, account.slug),
      )
    })
  } catch (thrown) {
    const { body: error } = unexpectedProblem(thrown, call.problem, 'POST /usage/batch')
    for (const { index, event } of group) results.set(index, { id: event.id, error })
  }
}

const UNDECIDED = err({ code: 'unavailable' } as const)

function refusal(call: Call, id: string | null, error: PurserError, organizationSlug?: string): BatchResult {
  return { id, error: problemOf(error, { ...call.problem, organizationSlug }).body }
}

function resultAt(results: ReadonlyMap<number, BatchResult>, index: number): BatchResult {
  const result = results.get(index)
  if (result === undefined) throw new Error(`event ${index} of the batch has no result`)
  return result
}

/** The id under which a bad event is answered, when it has one that can be read. */
function idOf(event: unknown): string | null {
  if (typeof event !== 'object' || event === null || !('id' in event)) return null
  const id = idField.safeParse(event.id)
  return id.success ? id.data : null
}
