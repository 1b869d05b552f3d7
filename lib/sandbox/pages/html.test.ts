import { expect, it } from 'vitest'
import { html } from './html'

it('text in a hole is escaped, for content and for attributes', () => {
  const name = `<script>"it's" & more</script>`
  expect(html`<p title="${name}">${name}</p>`.markup).not.toMatch(/<script|"it|'s/)
  expect(html`<p>${'a & b < c'}</p>`.markup).toBe('<p>a &amp; b &lt; c</p>')
})

it('markup in a hole stays markup, lists are joined, and nothing is nothing', () => {
  const rows = [html`<li>1</li>`, html`<li>2</li>`]
  const markup = html`<b>${rows}${null}${false}${0}</b>`.markup
  expect(markup.replace(/\s+/g, '')).toBe('<b><li>1</li><li>2</li>0</b>')
})
