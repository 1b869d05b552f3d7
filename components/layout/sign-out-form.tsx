import { LogOut } from 'lucide-react'
import { SubmitButton } from '@/components/ui/submit-button'

/** The way out, as a form: works without JavaScript. */
export function SignOutForm({ action }: { readonly action: () => Promise<void> }) {
  return (
    <form action={action}>
      <SubmitButton variant="secondary" isWide>
        <LogOut aria-hidden className="size-4" />
        Sign out
      </SubmitButton>
    </form>
  )
}
