/** What the demo's operator sells: a meter each, with one price from the beginning of time. */
export type DemoMeter = {
  readonly key: string
  readonly name: string
  readonly unit: 'count' | 'second' | 'hour'
  readonly price: Readonly<Record<string, string | number>> & { readonly model: 'per_unit' | 'package' }
}

const perSecond = (unitPrice: string) => ({ model: 'per_unit', unit_price: unitPrice, round_up_to: '1' }) as const
const perToken = (unitPrice: string) => ({ model: 'per_unit', unit_price: unitPrice }) as const

export const DEMO_METERS: readonly DemoMeter[] = [
  { key: 'gpu_s', name: 'GPU S', unit: 'second', price: perSecond('0.000166666667') },
  { key: 'gpu_m', name: 'GPU M', unit: 'second', price: perSecond('0.0005') },
  { key: 'gpu_l', name: 'GPU L', unit: 'second', price: perSecond('0.000972222222') },
  { key: 'input_token', name: 'input tokens', unit: 'count', price: perToken('0.0000005') },
  { key: 'output_token', name: 'output tokens', unit: 'count', price: perToken('0.0000015') },
  { key: 'embedding_token', name: 'embedding tokens', unit: 'count', price: perToken('0.0000001') },
  { key: 'status_call', name: 'status calls', unit: 'count', price: perToken('0') },
]
