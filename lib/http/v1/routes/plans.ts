import 'server-only'

import { changePlan } from '@/lib/billing/periods/change-plan'
import {
  accountPlanInput,
  dryRunQuery,
  planAnswer,
  planChangeAnswer,
  planInput,
  plansAnswer,
  type AccountPlanInput,
  type DryRunQuery,
  type PlanInput,
} from '@/lib/billing/plan-contract'
import { listPlans, putPlan } from '@/lib/billing/periods/put-plan'
import { invalidField } from '@/lib/errors'
import { keyField } from '@/lib/usage/field-contract'

import { answer, param, refuse, respond, route } from '../route'

const BAD_KEY = 'Use 1 to 64 of a–z, 0–9, "_", "." and "-", beginning with a letter.'

/** `GET /plans`. */
export const listPlansRoute = route({
  method: 'GET',
  path: '/plans',
  summary: 'The plans',
  answers: { 200: { description: 'The plans.', schema: plansAnswer } },
  handle: async ({ actor }) => answer(200, { data: await listPlans(actor) }),
})

/** `PUT /plans/{key}`. */
export const putPlanRoute = route<PlanInput>({
  method: 'PUT',
  path: '/plans/{key}',
  summary: 'Add or change a plan',
  body: planInput,
  answers: { 200: { description: 'The plan.', schema: planAnswer } },
  handle: async (call) => {
    const key = keyField.safeParse(param(call, 'key'))
    if (!key.success) return refuse(invalidField('key', BAD_KEY))
    return respond(200, await putPlan(call.actor, key.data, call.body, call.clock))
  },
})

/** `PUT /organizations/{org}/plan`. */
export const changePlanRoute = route<AccountPlanInput, DryRunQuery>({
  method: 'PUT',
  path: '/organizations/{org}/plan',
  summary: 'Put an organization on a plan, or say what that would change',
  body: accountPlanInput,
  query: dryRunQuery,
  answers: { 200: { description: 'What changed, or with `dry_run` would change.', schema: planChangeAnswer } },
  handle: async (call) => {
    const isDryRun = call.query.dry_run === 'true'
    const change = { ...call.body, organization: param(call, 'org'), isDryRun }
    return respond(200, await changePlan(call.actor, change, call.clock))
  },
})
