'use client'

import { useActionState } from 'react'

import { Banner } from '@/components/ui/banner'
import { ErrorSummary } from '@/components/ui/error-summary'
import { fieldError } from '@/components/ui/form-state'
import { NativeSelect } from '@/components/ui/native-select'
import { SubmitButton } from '@/components/ui/submit-button'
import { TextField } from '@/components/ui/text-field'

import type { MembersAction } from './members-action'
import { placeOptions } from './place-options'

type InviteFormProps = {
  /** Fields: `email`, `place`. */
  readonly action: MembersAction
  readonly canManageOwners: boolean
}

/** Invites somebody by e-mail. */
export function InviteForm({ action, canManageOwners }: InviteFormProps) {
  const [state, submit] = useActionState(action, null)
  const seatError = fieldError(state, 'seat')
  return (
    <form action={submit} noValidate className="flex flex-col gap-4">
      {state?.done !== undefined && <Banner tone="positive" title={state.done} />}
      <ErrorSummary state={state} />
      <div className="grid gap-4 sm:grid-cols-[1fr_12rem_auto] sm:items-start">
        <TextField
          id="email"
          name="email"
          type="email"
          label="E-mail"
          autoComplete="off"
          error={fieldError(state, 'email')}
          defaultValue={state?.values?.['email']}
        />
        <NativeSelect
          id="place"
          name="place"
          label="Role"
          options={placeOptions(canManageOwners)}
          defaultValue={state?.values?.['place'] ?? 'member:pro'}
          {...(seatError !== undefined && { error: seatError })}
        />
        <div className="sm:pt-[1.625rem]">
          <SubmitButton>Send invitation</SubmitButton>
        </div>
      </div>
    </form>
  )
}
