import 'server-only'

import { memberAnswer, memberInput, type MemberInput } from '@/lib/billing/member-contract'
import { putMember } from '@/lib/billing/periods/put-member'
import { invalidField } from '@/lib/errors'
import { idField } from '@/lib/usage/field-contract'

import { param, refuse, respond, route } from '../route'

/** `PUT /organizations/{org}/members/{external_id}`. */
export const putMemberRoute = route<MemberInput>({
  method: 'PUT',
  path: '/organizations/{org}/members/{external_id}',
  summary: 'Make a member known, or change them; what is not named stays',
  body: memberInput,
  answers: { 200: { description: 'The member, with the wallets of their own.', schema: memberAnswer } },
  handle: async (call) => {
    const externalId = idField.safeParse(param(call, 'external_id'))
    if (!externalId.success) return refuse(invalidField('external_id', 'Send 1 to 128 printable characters.'))
    const member = { ...call.body, organization: param(call, 'org'), externalId: externalId.data }
    return respond(200, await putMember(call.actor, member, call.clock))
  },
})
