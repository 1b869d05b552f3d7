import type { Preset } from './preset'

/** A platform sold by contract: a package of dollars each contract year in one pool; Lite members have a monthly allocation of their own. */
export const enterprisePool: Preset = {
  policy: {
    at_zero: 'deny',
    credits_per_usd: '1',
    display_decimals: 2,
    minimum_purchase_cents: 10_000,
    packs: [],
    purchase_expiry: 'contract_end',
    billing_mode: 'prepaid',
  },
  recharge: null,
  assets: {},
  meters: {
    'platform.tokens': {
      name: 'Model tokens',
      unit: 'count',
      prices: [
        {
          model: 'matrix',
          dimensions: ['model'],
          rows: [
            { match: { model: 'flagship' }, unit_price: '0.00001' },
            { match: { model: 'swift' }, unit_price: '0.000002' },
          ],
          effective_from: '2026-01-01T00:00:00Z',
        },
      ],
    },
    'platform.web_search': {
      name: 'Web searches',
      unit: 'count',
      prices: [{ model: 'per_unit', unit_price: '0.05', effective_from: '2026-01-01T00:00:00Z' }],
    },
  },
  plans: {},
  organizations: {
    'sample-enterprise-pool': {
      name: 'Harbor Insurance',
      email: 'accounts@harbor.example',
      time_zone: 'America/New_York',
      contract: {
        starts_on: '2026-07-01',
        ends_on: '2031-06-30',
        package: { asset: 'credit', amount: '12000' },
        price_cents: 1_200_000,
      },
      members: {
        'pia@harbor.example': { name: 'Pia Sandoval', email: 'pia@harbor.example', role: 'owner', seat: 'pro' },
        'omar@harbor.example': { name: 'Omar Keita', email: 'omar@harbor.example', seat: 'pro' },
        'lena@harbor.example': {
          name: 'Lena Voss',
          email: 'lena@harbor.example',
          seat: 'lite',
          lite_allocation: { asset: 'credit', amount: '10' },
        },
      },
      limits: {
        'pool-monthly': { scope: 'organization', amount: '1500', period: 'month', mode: 'block' },
        'person-daily': { scope: 'member', amount: '50', period: 'day', mode: 'block' },
        'widget-monthly': { scope: 'key', subject: 'claims-widget', amount: '400', period: 'month', mode: 'block' },
      },
      usage: [
        {
          meter: 'platform.tokens',
          quantity: '1800000',
          model: 'flagship',
          member: 'pia@harbor.example',
          feature: 'agent',
          cost: '9.1',
          hours_ago: 55,
        },
        {
          meter: 'platform.tokens',
          quantity: '2400000',
          model: 'swift',
          key: 'claims-widget',
          feature: 'embedded',
          cost: '2.2',
          hours_ago: 31,
        },
        {
          meter: 'platform.web_search',
          quantity: '64',
          member: 'omar@harbor.example',
          feature: 'playbooks',
          cost: '1.3',
          hours_ago: 26,
        },
        {
          meter: 'platform.tokens',
          quantity: '150000',
          model: 'flagship',
          member: 'lena@harbor.example',
          feature: 'agent',
          cost: '0.8',
          hours_ago: 3,
        },
      ],
    },
  },
}
