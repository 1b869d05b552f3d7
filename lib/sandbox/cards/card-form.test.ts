import { expect, it } from 'vitest'
import { readTypedCard } from './card-form'

const NOVEMBER_2026 = Date.UTC(2026, 10, 23) / 1000
const GOOD = {
  number: '4242 4242 4242 4242',
  expiry: '12/34',
  cvc: '123',
  name: ' Ana Silva ',
  email: ' ana@acme.dev ',
}

it('a card that is typed well is known by name, without its number and security code', () => {
  const entered = { card: 'visa', expMonth: 12, expYear: 2034, name: 'Ana Silva', email: 'ana@acme.dev' }
  expect(readTypedCard(GOOD, NOVEMBER_2026)).toEqual({ ok: true, value: entered })
})

it.each(['12/34', '12 / 34', '1234', '12-34', '12/2034'])('the expiry may be typed as %s', (expiry) => {
  expect(readTypedCard({ ...GOOD, expiry }, NOVEMBER_2026)).toMatchObject({
    ok: true,
    value: { expMonth: 12, expYear: 2034 },
  })
})

it('a card is good to the end of its month', () => {
  expect(readTypedCard({ ...GOOD, expiry: '11/26' }, NOVEMBER_2026)).toMatchObject({ ok: true })
  expect(readTypedCard({ ...GOOD, expiry: '10/26' }, NOVEMBER_2026)).toMatchObject({
    ok: false,
    error: { expiry: "Your card's expiration date is in the past." },
  })
})

it('everything that is wrong is said at once, each beside its field', () => {
  const refused = readTypedCard({ number: '', expiry: '', cvc: '', name: '', email: '' }, NOVEMBER_2026)
  expect(refused.ok ? [] : Object.keys(refused.error).sort()).toEqual(['cvc', 'email', 'expiry', 'name', 'number'])
})
