import { Banner } from '@/components/ui/banner'
import type { FormAction } from '@/components/ui/form-state'
import { SubmitButton } from '@/components/ui/submit-button'
import { EmailForm } from './email-form'
import { Entrance } from './entrance'
import { PasswordForm } from './password-form'
import { Personas, type Persona } from './personas'

type SimpleAction = (form: FormData) => Promise<void>

type SignInViewProps = {
  /** Where to go afterwards; posted as `callbackUrl` by every form. */
  readonly callbackUrl: string
  /** Why the last attempt did not work, as a sentence; null at first sight. */
  readonly problem: string | null
  /** Each way in is shown only when it is configured. */
  readonly emailAction: FormAction | null
  readonly passwordAction: FormAction | null
  /** Field `provider`: the provider's id. */
  readonly providers: readonly { readonly id: string; readonly label: string }[]
  readonly providerAction: SimpleAction | null
  /** Sandbox mode only; empty otherwise. Field `persona`: the persona's id. */
  readonly personas: readonly Persona[]
  readonly personaAction: SimpleAction | null
}

/** All ways in, the simplest first. */
export function SignInView(props: SignInViewProps) {
  const { callbackUrl, problem, emailAction, passwordAction, providers, providerAction, personas, personaAction } =
    props
  const hasProviders = providers.length > 0 && providerAction !== null
  return (
    <Entrance title="Sign in">
      <div className="flex flex-col gap-5">
        {problem !== null && <Banner tone="danger" title={problem} />}
        {personas.length > 0 && personaAction !== null && (
          <>
            <Personas personas={personas} action={personaAction} callbackUrl={callbackUrl} />
            <Divider />
          </>
        )}
        {hasProviders && (
          <form action={providerAction} className="flex flex-col gap-2">
            <input type="hidden" name="callbackUrl" value={callbackUrl} />
            {providers.map(({ id, label }) => (
              <SubmitButton key={id} name="provider" value={id} variant="secondary" isWide>
                Continue with {label}
              </SubmitButton>
            ))}
          </form>
        )}
        {hasProviders && <Divider />}
        {emailAction !== null && <EmailForm action={emailAction} callbackUrl={callbackUrl} />}
        {passwordAction !== null && <PasswordForm action={passwordAction} callbackUrl={callbackUrl} />}
      </div>
    </Entrance>
  )
}

function Divider() {
  return (
    <p className="text-muted before:bg-line after:bg-line flex items-center gap-3 text-sm before:h-px before:flex-1 after:h-px after:flex-1">
      or
    </p>
  )
}
