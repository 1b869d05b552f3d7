import type { Preset } from './preset'

/** Wallets for AI products: several assets side by side, each with its own prices; authorized first, so that no balance goes below zero. */
export const walletApi: Preset = {
  policy: {
    at_zero: 'deny',
    credits_per_usd: '1',
    display_decimals: 2,
    minimum_purchase_cents: 100,
    packs: [1_000, 2_500, 5_000, 10_000],
    purchase_expiry: 'never',
    recharge_trigger: 'below',
    recharge_size: 'amount',
    billing_mode: 'prepaid',
  },
  recharge: { threshold: '10', size: '25' },
  assets: {
    token: { name: 'Tokens', scale: 0, usd_price: '0.000002' },
    gpu_hour: { name: 'GPU hours', scale: 6, usd_price: '1.8' },
    video_minute: { name: 'Video minutes', scale: 2, usd_price: '0.05' },
  },
  meters: {
    'wallet.completion': {
      name: 'Completion tokens',
      unit: 'count',
      prices: [
        {
          model: 'matrix',
          asset: 'token',
          dimensions: ['model', 'output_format'],
          rows: [
            { match: { model: 'large', output_format: 'json' }, unit_price: '3' },
            { match: { model: 'large' }, unit_price: '2.5' },
            { match: { output_format: 'json' }, unit_price: '1.2' },
          ],
          default: { unit_price: '1' },
          effective_from: '2026-01-01T00:00:00Z',
        },
      ],
    },
    'wallet.training': {
      name: 'Training hours',
      unit: 'hour',
      prices: [
        {
          model: 'volume',
          asset: 'gpu_hour',
          tiers: [
            { up_to: '10', unit_price: '1' },
            { up_to: null, unit_price: '0.8' },
          ],
          effective_from: '2026-01-01T00:00:00Z',
        },
      ],
    },
    'wallet.render': {
      name: 'Rendered minutes',
      unit: 'count',
      prices: [
        {
          model: 'graduated',
          asset: 'video_minute',
          tiers: [
            { up_to: '100', unit_price: '1', flat_price: '5' },
            { up_to: null, unit_price: '0.75' },
          ],
          effective_from: '2026-01-01T00:00:00Z',
        },
      ],
    },
    'wallet.search': {
      name: 'Searches',
      unit: 'count',
      prices: [{ model: 'per_unit', unit_price: '0.004', effective_from: '2026-01-01T00:00:00Z' }],
    },
  },
  plans: {
    'wallet-starter': {
      name: 'Starter',
      monthly_price_cents: 2_900,
      allowances: [{ meter: 'wallet.search', quantity: '500' }],
      entitlements: [
        { asset: 'token', amount: '100000' },
        { asset: 'gpu_hour', amount: '2.5' },
      ],
    },
  },
  organizations: {
    'sample-wallet-api': {
      name: 'Quill & Co',
      email: 'billing@quill.example',
      plan: { plan: 'wallet-starter' },
      grants: [
        { amount: '50', purpose: 'Prepaid balance', cost_basis_cents: 5_000 },
        { asset: 'token', amount: '400000', purpose: 'Prepaid tokens', cost_basis_cents: 80 },
        { asset: 'video_minute', amount: '120', purpose: 'Onboarding', source: 'promo', expires_in_days: 30 },
        {
          amount: '10',
          purpose: 'Referral reward: searches',
          source: 'promo',
          scope: { meters: ['wallet.search'] },
          expires_in_days: 60,
        },
      ],
      usage: [
        {
          meter: 'wallet.completion',
          quantity: '30000',
          model: 'large',
          feature: 'editor',
          cost: '0.03',
          hours_ago: 52,
        },
        {
          meter: 'wallet.completion',
          quantity: '18000',
          model: 'large',
          feature: 'outline',
          dimensions: { output_format: 'json' },
          cost: '0.02',
          hours_ago: 29,
        },
        { meter: 'wallet.render', quantity: '12.5', feature: 'trailers', cost: '0.31', hours_ago: 28 },
        { meter: 'wallet.search', quantity: '750', feature: 'research', cost: '0.6', hours_ago: 20 },
        { meter: 'wallet.training', quantity: '1.25', resource: 'house-style', cost: '1.4', hours_ago: 5 },
      ],
    },
  },
}
