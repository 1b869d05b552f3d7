/** Markup that is safe to send: made by `html` only, never by joining strings. */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }
}

type Hole = Html | string | number | false | null | readonly Html[]

/** A piece of markup. Text in its holes is escaped; markup goes in as it is. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  return new Html(parts.reduce((markup, part, place) => markup + fill(holes[place - 1] ?? null) + part))
}

function fill(hole: Hole): string {
  if (hole === null || hole === false) return ''
  if (hole instanceof Html) return hole.markup
  if (typeof hole === 'object') return hole.map((piece) => piece.markup).join('')
  return escapeText(String(hole))
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
