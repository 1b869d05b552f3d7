'use client'

import { useActionState } from 'react'

import { ErrorSummary } from '@/components/ui/error-summary'
import { fieldError } from '@/components/ui/form-state'
import { NativeSelect } from '@/components/ui/native-select'
import { SubmitButton } from '@/components/ui/submit-button'
import type { MemberDto } from '@/lib/organizations/contract'

import type { MembersAction } from './members-action'
import { placeOptions, placeValue } from './place-options'

type MemberControlsProps = {
  readonly member: MemberDto
  readonly canManageOwners: boolean
  /** Fields: `member`, `place`. */
  readonly changeAction: MembersAction
  /** Field: `member`. */
  readonly removeAction: MembersAction
}

/** Changes one member's role, or removes them. Two forms that work without JavaScript. */
export function MemberControls({ member, canManageOwners, changeAction, removeAction }: MemberControlsProps) {
  const [changed, change] = useActionState(changeAction, null)
  const [removed, remove] = useActionState(removeAction, null)
  const seatError = fieldError(changed, 'seat')
  return (
    <details open={changed?.message !== undefined || removed?.message !== undefined || seatError !== undefined}>
      <summary className="text-accent rounded-control inline-flex min-h-8 items-center hover:underline pointer-coarse:min-h-11">
        Change <span className="sr-only">{member.name}</span>
      </summary>
      <div className="mt-2 flex w-full flex-col gap-4 text-left sm:w-64">
        <form action={change} className="flex flex-col gap-3">
          <ErrorSummary state={changed} />
          <input type="hidden" name="member" value={member.id} />
          <NativeSelect
            id={`place-${member.id}`}
            name="place"
            label="Role"
            options={placeOptions(canManageOwners)}
            defaultValue={placeValue(member.role, member.seat)}
            {...(seatError !== undefined && { error: seatError })}
          />
          <SubmitButton variant="secondary" size="small">
            Save role
          </SubmitButton>
        </form>
        <form action={remove} className="border-line flex flex-col gap-3 border-t pt-3">
          <ErrorSummary state={removed} />
          <input type="hidden" name="member" value={member.id} />
          <p className="text-muted text-sm">
            {member.isViewer
              ? 'You lose access at once. What you did stays in the history.'
              : `${member.name} loses access at once. What they did stays in the history.`}
          </p>
          <SubmitButton variant="danger" size="small">
            {member.isViewer ? 'Leave' : `Remove ${member.name}`}
          </SubmitButton>
        </form>
      </div>
    </details>
  )
}
