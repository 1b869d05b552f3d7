import type { Preset } from './preset'

/** Model runs by the second and the hardware they run on: a begun second counts whole, cold starts are free, a run is never cut off. */
export const computeSeconds: Preset = {
  policy: {
    at_zero: 'charge_card',
    credits_per_usd: '1',
    display_decimals: 2,
    minimum_purchase_cents: 500,
    packs: [1_000, 2_500, 5_000, 10_000],
    purchase_expiry: { days: 365 },
    recharge_trigger: 'below',
    recharge_size: 'target',
    debt_limit_cents: 1_000,
    billing_mode: 'prepaid',
  },
  recharge: { threshold: '20', size: '100' },
  assets: {},
  meters: {
    'compute.cpu': {
      name: 'CPU seconds',
      unit: 'second',
      prices: [{ model: 'per_unit', unit_price: '0.0001', round_up_to: '1', effective_from: '2026-01-01T00:00:00Z' }],
    },
    'compute.t4': {
      name: 'T4 seconds',
      unit: 'second',
      prices: [{ model: 'per_unit', unit_price: '0.000225', round_up_to: '1', effective_from: '2026-01-01T00:00:00Z' }],
    },
    'compute.a100': {
      name: 'A100 seconds',
      unit: 'second',
      prices: [{ model: 'per_unit', unit_price: '0.0014', round_up_to: '1', effective_from: '2026-01-01T00:00:00Z' }],
    },
    'compute.status': {
      name: 'Status and metadata calls',
      unit: 'count',
      prices: [{ model: 'per_unit', unit_price: '0', effective_from: '2026-01-01T00:00:00Z' }],
    },
  },
  plans: {},
  organizations: {
    'sample-compute-seconds': {
      name: 'Lumen Labs',
      email: 'billing@lumen.example',
      grants: [{ amount: '20', purpose: 'Welcome credit', source: 'trial', expires_in_days: 365 }],
      usage: [
        {
          meter: 'compute.a100',
          quantity: '1825.4',
          model: 'lumen-xl',
          resource: 'nightly-batch',
          cost: '1.61',
          hours_ago: 62,
        },
        { meter: 'compute.t4', quantity: '940.2', model: 'lumen-s', resource: 'web', cost: '0.12', hours_ago: 39 },
        { meter: 'compute.status', quantity: '410', hours_ago: 38 },
        { meter: 'compute.a100', quantity: '25.4', model: 'lumen-xl', resource: 'web', cost: '0.03', hours_ago: 4 },
      ],
    },
    'sample-compute-volume': {
      name: 'Meridian Render',
      email: 'accounts@meridian.example',
      policy: { at_zero: 'overdraft', overdraft_limit: '5000' },
      usage: [
        { meter: 'compute.a100', quantity: '86400', model: 'lumen-xl', resource: 'farm', cost: '76.2', hours_ago: 30 },
      ],
    },
  },
}
