'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '@/components/ui/error-summary'
import { fieldError, type FormAction } from '@/components/ui/form-state'
import { SubmitButton } from '@/components/ui/submit-button'
import { TextField } from '@/components/ui/text-field'

type EmailFormProps = {
  /** Fields: `email`, `callbackUrl`. */
  readonly action: FormAction
  readonly callbackUrl: string
}

/** Sign in without a password: a link by e-mail. */
export function EmailForm({ action, callbackUrl }: EmailFormProps) {
  const [state, submit] = useActionState(action, null)
  return (
    <form action={submit} noValidate className="flex flex-col gap-4">
      <ErrorSummary state={state} />
      <input type="hidden" name="callbackUrl" value={callbackUrl} />
      <TextField
        id="email"
        name="email"
        type="email"
        label="E-mail"
        autoComplete="email"
        error={fieldError(state, 'email')}
        defaultValue={state?.values?.['email']}
      />
      <SubmitButton isWide>E-mail me a sign-in link</SubmitButton>
    </form>
  )
}
