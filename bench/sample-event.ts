/** The meter that every benchmark uses. */
export const METER = 'bench_call'

/** What it costs: a price that needs rounding. */
export const UNIT_PRICE = '0.000333333333'

const MODELS = ['small', 'medium', 'large', 'embedding']

/** The fields of the nth event besides its id and organization: what a backend sends with each unit of work. */
export function eventFields(number: number) {
  return {
    meter: METER,
    quantity: `${1 + (number % 7)}.5`,
    resource: 'chat-api',
    model: MODELS[number % MODELS.length] ?? '',
    key: 'web-app',
    cost: '0.00021',
  }
}

/** The nth event as it is sent. */
export function eventJson(id: string, organization: string, number: number): string {
  return JSON.stringify({ id, organization, ...eventFields(number) })
}

/** An authorization as it is sent: for the work of the nth event. */
export function authorizationJson(organization: string, number: number): string {
  const { meter, quantity, resource, model, key } = eventFields(number)
  return JSON.stringify({ organization, meter, quantity, resource, model, key })
}
