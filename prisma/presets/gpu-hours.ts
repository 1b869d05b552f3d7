import type { Preset } from './preset'

/** Deployments by the begun hour, a hundred credits to the dollar. Out of credits they are paused, with credit they resume. */
export const gpuHours: Preset = {
  policy: {
    at_zero: 'pause_runs',
    credits_per_usd: '100',
    display_decimals: 0,
    minimum_purchase_cents: 100,
    packs: [500, 1_000, 2_000, 5_000, 10_000],
    purchase_expiry: 'never',
    recharge_trigger: 'below',
    recharge_size: 'amount',
    billing_mode: 'prepaid',
  },
  recharge: { threshold: '500', size: '2000' },
  assets: {},
  meters: {
    'deployment.gpu_s': {
      name: 'GPU S hours',
      unit: 'hour',
      heartbeat_timeout_seconds: null,
      prices: [{ model: 'per_unit', unit_price: '60', round_up_to: '1', effective_from: '2026-01-01T00:00:00Z' }],
    },
    'deployment.gpu_m': {
      name: 'GPU M hours',
      unit: 'hour',
      heartbeat_timeout_seconds: null,
      prices: [{ model: 'per_unit', unit_price: '180', round_up_to: '1', effective_from: '2026-01-01T00:00:00Z' }],
    },
    'deployment.gpu_l': {
      name: 'GPU L hours',
      unit: 'hour',
      heartbeat_timeout_seconds: null,
      prices: [{ model: 'per_unit', unit_price: '350', round_up_to: '1', effective_from: '2026-01-01T00:00:00Z' }],
    },
  },
  plans: {},
  organizations: {
    'sample-gpu-hours': {
      name: 'Tide Pool AI',
      email: 'billing@tidepool.example',
      grants: [{ amount: '10000', purpose: 'Launch partner credit', source: 'promo' }],
      usage: [
        {
          meter: 'deployment.gpu_l',
          quantity: '6',
          model: 'llama-70b-fp16',
          resource: 'chat',
          cost: '11.4',
          hours_ago: 60,
        },
        {
          meter: 'deployment.gpu_m',
          quantity: '9.5',
          model: 'llama-70b-awq',
          resource: 'chat',
          cost: '8.1',
          hours_ago: 33,
        },
        {
          meter: 'deployment.gpu_s',
          quantity: '10',
          model: 'mistral-7b',
          resource: 'drafts',
          cost: '2.9',
          hours_ago: 14,
        },
        {
          meter: 'deployment.gpu_s',
          quantity: '2.2',
          model: 'mistral-7b',
          resource: 'drafts',
          cost: '0.7',
          hours_ago: 2,
        },
      ],
    },
  },
}
