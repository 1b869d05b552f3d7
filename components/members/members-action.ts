import type { FormState } from '@/components/ui/form-state'

/** What an action on members answers: what to correct, or what was done. */
export type MembersState = (NonNullable<FormState> & { readonly done?: string }) | null

/** A server action for `useActionState`. */
export type MembersAction = (previous: MembersState, form: FormData) => Promise<MembersState>
