/** What a form's action answers. Null before the first submission. `values` keeps what was typed. */
export type FormState = {
  /** About the whole form. */
  readonly message?: string
  /** About single fields: `path` is the field's name. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
  readonly values?: Readonly<Record<string, string>>
} | null

/** A server action for `useActionState`. On success it redirects; otherwise it answers what to correct. */
export type FormAction = (previous: FormState, form: FormData) => Promise<FormState>

/** The sentence about one field, if there is one. */
export function fieldError(state: FormState, path: string): string | undefined {
  return state?.errors?.find((error) => error.path === path)?.message
}
