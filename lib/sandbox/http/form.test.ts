import { expect, it } from 'vitest'
import { fieldOf, listOf, parseForm } from './form'
import { Refusal } from './refusal'

const plain = (tree: unknown) => JSON.parse(JSON.stringify(tree)) as unknown

it('brackets become nested trees, plus and percent signs become characters', () => {
  const form = 'mode=payment&metadata[a+b]=c%26d&line_items[0][price_data][unit_amount]=500&empty='
  expect(plain(parseForm(form))).toEqual({
    mode: 'payment',
    metadata: { 'a b': 'c&d' },
    line_items: { 0: { price_data: { unit_amount: '500' } } },
    empty: '',
  })
})

it('lists are read in the order of their numbers, whether counted or left to count', () => {
  expect(listOf(parseForm('expand[1]=b&expand[0]=a')['expand'])).toEqual(['a', 'b'])
  expect(listOf(parseForm('expand[]=a&expand[]=b')['expand'])).toEqual(['a', 'b'])
  expect(listOf(undefined)).toEqual([])
})

it('the last of two equal fields wins, and a field that is missing or nested reads as empty', () => {
  const form = parseForm('name=Ana&name=Raj&card[number]=1')
  expect(fieldOf(form, 'name')).toBe('Raj')
  expect(fieldOf(form, 'card')).toBe('')
  expect(fieldOf(form, 'nothing')).toBe('')
})

it('keys of an object prototype are ordinary keys', () => {
  const form = parseForm('__proto__[polluted]=yes&constructor=x')
  expect(Object.keys(form)).toEqual(['__proto__', 'constructor'])
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

it.each([
  ['broken percent encoding', 'a=%zz'],
  ['unbalanced brackets', 'a[b=c'],
  ['a field that is both text and tree', 'a=1&a[b]=2'],
  ['a tree that is then text', 'a[b]=2&a=1'],
  ['nesting without end', `a${'[b]'.repeat(9)}=1`],
  ['more fields than anybody needs', Array.from({ length: 1001 }, (_, count) => `a${count}=1`).join('&')],
])('%s is refused', (_case, form) => {
  expect(() => parseForm(form)).toThrow(Refusal)
})
