import { ArrowRight } from 'lucide-react'

/** Somebody of the sample data to look at Purser as. */
export type Persona = {
  readonly id: string
  readonly name: string
  /** "Owner of Acme". */
  readonly role: string
  /** What this person can try: "Buys credits, sees everything". */
  readonly description: string
}

type PersonasProps = {
  readonly personas: readonly Persona[]
  readonly action: (form: FormData) => Promise<void>
  readonly callbackUrl: string
}

/** One click signs in as a person of the sample data. Sandbox mode only: nothing here is real. */
export function Personas({ personas, action, callbackUrl }: PersonasProps) {
  return (
    <form action={action}>
      <fieldset>
        <legend className="text-muted mb-2 text-sm">Sample data. Look around as</legend>
        <input type="hidden" name="callbackUrl" value={callbackUrl} />
        <ul className="divide-line rounded-control border-line divide-y overflow-hidden border">
          {personas.map(({ id, name, role, description }) => (
            <li key={id}>
              <button
                type="submit"
                name="persona"
                value={id}
                className="group hover:bg-surface-1 flex w-full items-center gap-3 px-3 py-2.5 text-left focus-visible:-outline-offset-2"
              >
                <span className="min-w-0 flex-1">
                  <span className="font-medium">{name}</span> <span className="text-muted">· {role}</span>
                  <span className="text-muted block text-sm">{description}</span>
                </span>
                <ArrowRight aria-hidden className="text-muted group-hover:text-accent size-4 shrink-0" />
              </button>
            </li>
          ))}
        </ul>
      </fieldset>
    </form>
  )
}
