import type { Preset } from './preset'

/** A rule engine: a plan covers so many runs a month, and one credit, one dollar, covers the next hundred. Balances in whole credits. */
export const ruleRuns: Preset = {
  policy: {
    at_zero: 'deny',
    credits_per_usd: '1',
    display_decimals: 0,
    minimum_purchase_cents: 500,
    packs: [500, 2_000, 5_000, 10_000],
    purchase_expiry: 'never',
    recharge_trigger: 'at_or_below',
    recharge_size: 'amount',
    billing_mode: 'prepaid',
  },
  recharge: { threshold: '10', size: '50' },
  assets: {},
  meters: {
    rule_run: {
      name: 'Rule-set runs',
      unit: 'count',
      prices: [{ model: 'package', package_size: '100', package_price: '1', effective_from: '2026-01-01T00:00:00Z' }],
    },
    template_generation: {
      name: 'AI template generations',
      unit: 'count',
      prices: [{ model: 'per_unit', unit_price: '1', round_up_to: '1', effective_from: '2026-01-01T00:00:00Z' }],
    },
    rule_validation: {
      name: 'Rule validations',
      unit: 'count',
      prices: [{ model: 'per_unit', unit_price: '0', effective_from: '2026-01-01T00:00:00Z' }],
    },
  },
  plans: {
    'rules-free': {
      name: 'Free',
      monthly_price_cents: 0,
      allowances: [{ meter: 'rule_run', quantity: '100' }],
      seats: 1,
    },
    'rules-team': {
      name: 'Team',
      monthly_price_cents: 4_900,
      allowances: [{ meter: 'rule_run', quantity: '1000' }],
      seats: 10,
    },
    'rules-business': {
      name: 'Business',
      monthly_price_cents: 19_900,
      allowances: [{ meter: 'rule_run', quantity: '10000' }],
    },
  },
  organizations: {
    'sample-rule-runs': {
      name: 'Northwind Rules',
      email: 'billing@northwind.example',
      plan: { plan: 'rules-team' },
      members: {
        'owner@northwind.example': { name: 'Nora Holm', email: 'owner@northwind.example', role: 'owner', seat: 'pro' },
        'member@northwind.example': { name: 'Milo Kranz', email: 'member@northwind.example', seat: 'pro' },
      },
      grants: [{ amount: '25', purpose: 'Welcome credit', source: 'trial' }],
      usage: [
        {
          meter: 'rule_run',
          quantity: '940',
          feature: 'checkout-rules',
          member: 'member@northwind.example',
          hours_ago: 70,
        },
        {
          meter: 'rule_run',
          quantity: '160',
          feature: 'fraud-rules',
          member: 'member@northwind.example',
          hours_ago: 46,
        },
        { meter: 'template_generation', quantity: '2', member: 'owner@northwind.example', hours_ago: 27 },
        { meter: 'rule_validation', quantity: '35', member: 'member@northwind.example', hours_ago: 26 },
        {
          meter: 'rule_run',
          quantity: '240',
          feature: 'fraud-rules',
          member: 'member@northwind.example',
          hours_ago: 3,
        },
      ],
    },
  },
}
