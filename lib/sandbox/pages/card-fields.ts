import type { CardField, CardFormErrors, TypedCard } from '../cards/card-form'
import { TEST_CARDS } from '../cards/test-cards'
import { html, type Html } from './html'

type FieldLook = {
  label: string
  autocomplete: string
  placeholder: string
  inputMode: string
  type: string
  most: number
}

const LOOKS: Record<CardField, FieldLook> = {
  email: {
    label: 'E-mail',
    autocomplete: 'email',
    placeholder: 'you@example.com',
    inputMode: 'email',
    type: 'email',
    most: 512,
  },
  number: {
    label: 'Card number',
    autocomplete: 'cc-number',
    placeholder: '1234 1234 1234 1234',
    inputMode: 'numeric',
    type: 'text',
    most: 30,
  },
  expiry: {
    label: 'Expiry (MM/YY)',
    autocomplete: 'cc-exp',
    placeholder: 'MM/YY',
    inputMode: 'numeric',
    type: 'text',
    most: 9,
  },
  cvc: { label: 'CVC', autocomplete: 'cc-csc', placeholder: '123', inputMode: 'numeric', type: 'text', most: 4 },
  name: {
    label: 'Name on card',
    autocomplete: 'cc-name',
    placeholder: 'Ana Silva',
    inputMode: 'text',
    type: 'text',
    most: 256,
  },
}

/** The card form's fields, with what was typed and the sentences about what is wrong. The security code is never sent back. */
export function cardFields(typed: Omit<TypedCard, 'cvc'>, errors: CardFormErrors): Html {
  const first = (['email', 'number', 'expiry', 'cvc', 'name'] as const).find((name) => errors[name] !== undefined)
  const field = (name: CardField, value: string) => {
    const look = LOOKS[name]
    const error = errors[name] ?? null
    return html`<div class="field">
      <label for="${name}">${look.label}</label>
      <input
        id="${name}"
        name="${name}"
        type="${look.type}"
        inputmode="${look.inputMode}"
        autocomplete="${look.autocomplete}"
        placeholder="${look.placeholder}"
        maxlength="${look.most}"
        value="${value}"
        required
        ${error === null ? null : html`aria-invalid="true" aria-describedby="${name}-wrong"`}
        ${first === name ? html`autofocus` : null}
      />
      ${error === null ? null : html`<span class="wrong" id="${name}-wrong">${error}</span>`}
    </div>`
  }
  return html`${field('email', typed.email)} ${field('number', typed.number)}
    <div class="pair">${field('expiry', typed.expiry)} ${field('cvc', '')}</div>
    ${field('name', typed.name)}`
}

/** The documented test cards, to be copied from. */
export function testCardList(): Html {
  const rows = TEST_CARDS.map(
    ([, card]) =>
      html`<tr>
        <th scope="row">${card.number.replace(/(\d{4})(?=\d)/g, '$1 ')}</th>
        <td>${card.says}</td>
      </tr>`,
  )
  return html`<details>
    <summary>Test cards you can use</summary>
    <table>
      <thead>
        <tr>
          <th scope="col">Number</th>
          <th scope="col">What happens</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    <p class="aside">Any future expiry, any three digits as CVC, any name.</p>
  </details>`
}
