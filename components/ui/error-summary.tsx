import type { FormState } from './form-state'

/** Above a form after a refused submission: the message, and with more than two fields wrong, links to each. */
export function ErrorSummary({ state }: { readonly state: FormState }) {
  const errors = state?.errors ?? []
  const message = state?.message ?? (errors.length > 2 ? `${errors.length} fields need another look.` : undefined)
  return (
    <div role="alert" className="empty:hidden">
      {message !== undefined && (
        <div className="rounded-control bg-danger-tint text-danger px-3 py-2.5">
          <p className="font-medium">{message}</p>
          {errors.length > 2 && (
            <ul className="mt-1 list-disc pl-5">
              {errors.map((error) => (
                <li key={error.path}>
                  <a
                    href={`#${error.path}`}
                    className="inline-flex min-h-6 items-center underline pointer-coarse:min-h-11"
                  >
                    {error.message}
                  </a>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </div>
  )
}
