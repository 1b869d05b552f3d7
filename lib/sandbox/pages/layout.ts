import { createHash } from 'node:crypto'
import type { Response } from '../http/request'
import { html, Html } from './html'
import { STYLE } from './style'

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** No script, no third party, nothing kept by the browser. Redirects after a form may leave for the merchant. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src data:; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** A whole hosted page. `shape` chooses one narrow column or two. */
export function page(title: string, shape: 'narrow' | 'split', body: Html, status = 200): Response {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href="data:," />
        <title>${title} · Stripe sandbox</title>
        <style>
          ${new Html('')}
        </style>
      </head>
      <body>
        <header class="bar"><span>Stripe sandbox</span><span class="badge">TEST MODE</span></header>
        <main class="${shape}">${body}</main>
      </body>
    </html>`
  // The style is put in unindented: its hash in the security policy is over these exact characters.
  const markup = document.markup.replace(/<style>\s*<\/style>/, () => `<style>${STYLE}</style>`)
  return { status, headers: HEADERS, body: markup }
}

/** Sends the browser on with GET, whatever it came with. */
export function seeOther(location: string): Response {
  return { status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' }
}

/** A page that only says something. */
export function notice(
  title: string,
  sentence: string,
  link: { href: string; text: string } | null,
  status = 200,
): Response {
  const way = link === null ? null : html`<a class="back" href="${link.href}">${link.text}</a>`
  return page(
    title,
    'narrow',
    html`<div>
      <h1>${title}</h1>
      <p class="muted">${sentence}</p>
      ${way}
    </div>`,
    status,
  )
}
