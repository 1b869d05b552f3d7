import 'server-only'

import { env } from '@/lib/env'

/** What a letter says; every text is plain and escaped here. `path` is a path of this site. */
type Content = {
  readonly heading: string
  readonly paragraphs: readonly string[]
  readonly button: { readonly label: string; readonly path: string }
  /** Small print under the button. */
  readonly footnotes: readonly string[]
}

/** Both bodies of a letter. */
export type Bodies = { readonly text: string; readonly html: string }

const FONT = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Helvetica, Arial, sans-serif"

/** Sets a letter as plain text and as HTML that needs no image, no font and no script, and reads well in light and dark. */
export function setLetter({ heading, paragraphs, button, footnotes }: Content): Bodies {
  const address = new URL(button.path, env().APP_URL).toString()
  const text = [heading, ...paragraphs, `${button.label}:\n${address}`, ...footnotes].join('\n\n') + '\n'
  return { text, html: page(heading, htmlBody({ heading, paragraphs, button, footnotes }, address)) }
}

function htmlBody({ heading, paragraphs, button, footnotes }: Content, address: string): string {
  const body = paragraphs.map((line) => `<p style="margin:0 0 16px">${escapeHtml(line)}</p>`).join('')
  const small = footnotes.map((line) => `<p style="margin:0 0 8px">${escapeHtml(line)}</p>`).join('')
  const href = escapeHtml(address)
  return `<h1 style="margin:0 0 16px;font-size:20px;line-height:28px;font-weight:600">${escapeHtml(heading)}</h1>${body}
<p style="margin:24px 0"><a href="${href}" style="display:inline-block;padding:11px 20px;border-radius:6px;background:#3451c6;color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(button.label)}</a></p>
<p style="margin:0 0 24px;font-size:13px;line-height:19px;color:#565f6e">Or open this address:<br><a href="${href}" style="color:#3451c6;word-break:break-all">${href}</a></p>
<div style="border-top:1px solid #dfe2e8;padding-top:16px;font-size:13px;line-height:19px;color:#565f6e">${small}</div>`
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escapeHtml(title)}</title></head>
<body style="margin:0;padding:32px 16px;background:#f6f7f9;font-family:${FONT};font-size:15px;line-height:22px;color:#14171f">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px"><tr><td style="padding:0 4px 16px;font-weight:600">Purser</td></tr>
<tr><td style="padding:32px;background:#ffffff;border:1px solid #dfe2e8;border-radius:10px">${body}</td></tr></table>
</td></tr></table>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
