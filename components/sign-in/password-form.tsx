'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '@/components/ui/error-summary'
import { fieldError, type FormAction } from '@/components/ui/form-state'
import { SubmitButton } from '@/components/ui/submit-button'
import { TextField } from '@/components/ui/text-field'

type PasswordFormProps = {
  /** Fields: `email`, `password`, `callbackUrl`. */
  readonly action: FormAction
  readonly callbackUrl: string
}

/** Sign in with a password. Closed until asked for, open again when it was refused. */
export function PasswordForm({ action, callbackUrl }: PasswordFormProps) {
  const [state, submit] = useActionState(action, null)
  return (
    <details open={state !== null}>
      <summary className="rounded-control text-accent inline-flex min-h-6 items-center hover:underline pointer-coarse:min-h-11">
        Use a password instead
      </summary>
      <form action={submit} noValidate className="mt-3 flex flex-col gap-4">
        <ErrorSummary state={state} />
        <input type="hidden" name="callbackUrl" value={callbackUrl} />
        <TextField
          id="password-email"
          name="email"
          type="email"
          label="E-mail"
          autoComplete="username"
          error={fieldError(state, 'email')}
          defaultValue={state?.values?.['email']}
        />
        <TextField
          id="password"
          name="password"
          type="password"
          label="Password"
          autoComplete="current-password"
          error={fieldError(state, 'password')}
        />
        <SubmitButton isWide variant="secondary">
          Sign in with password
        </SubmitButton>
      </form>
    </details>
  )
}
