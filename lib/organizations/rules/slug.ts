const LONGEST_SLUG = 40

/** Slugs that would shadow a page of the site or mislead about whose page it is. */
const RESERVED = new Set(['api', 'admin', 'new', 'operator', 'purser', 'settings'])

/**
 * The address of an organization from its name: lower-case letters, digits and single hyphens, at most 40 characters.
 * Marks are dropped from letters; a name with nothing usable in it becomes `organization`.
 */
export function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
  const slug = trimHyphens(trimHyphens(plain).slice(0, LONGEST_SLUG))
  return slug === '' || RESERVED.has(slug) ? `organization${slug === '' ? '' : `-${slug}`}` : slug
}

/** The slug itself, or with the next number that is not taken: `acme`, `acme-2`, `acme-3`. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug
  for (let number = 2; ; number += 1) {
    const candidate = `${slug}-${number}`
    if (!taken.has(candidate)) return candidate
  }
}

function trimHyphens(text: string): string {
  return text.replace(/^-+|-+$/g, '')
}
