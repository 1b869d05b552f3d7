/** What a caller says of a run that it starts. What was not sent is left out. */
type RunBody = {
  readonly meter: string
  readonly resource?: string | undefined
  readonly model?: string | undefined
  readonly member?: string | undefined
  readonly key?: string | undefined
  readonly dimensions?: Readonly<Record<string, string>> | undefined
  readonly at?: string | undefined
}

/** What a run uses. What was not sent is null. */
export type RunSubject = {
  readonly meter: string
  readonly resource: string | null
  readonly model: string | null
  readonly member: string | null
  readonly key: string | null
  readonly dimensions: Readonly<Record<string, string>>
}

/** What a run uses, as its caller says. */
export function runSubject({ meter, resource, model, member, key, dimensions }: RunBody): RunSubject {
  return {
    meter,
    resource: resource ?? null,
    model: model ?? null,
    member: member ?? null,
    key: key ?? null,
    dimensions: dimensions ?? {},
  }
}

/**
 * The text whose hash tells a replay of a start from a conflict, as with usage events: neither the id nor the organization is part of it,
 * keys may come in any order, one instant at any offset.
 */
export function canonicalRunBody(body: RunBody): string {
  const { meter, resource, model, member, key, dimensions } = runSubject(body)
  const byName = Object.entries(dimensions).sort(([left], [right]) => (left < right ? -1 : 1))
  const at = body.at === undefined ? null : new Date(body.at).toISOString()
  return JSON.stringify([meter, resource, model, member, key, byName, at])
}
