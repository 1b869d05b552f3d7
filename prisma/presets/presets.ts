import { computeSeconds } from './compute-seconds'
import { enterprisePool } from './enterprise-pool'
import { gpuHours } from './gpu-hours'
import type { Preset } from './preset'
import { ruleRuns } from './rule-runs'
import { walletApi } from './wallet-api'

/** The five businesses that Purser runs from configuration alone, by name. */
export const PRESETS: ReadonlyMap<string, Preset> = new Map([
  ['rule-runs', ruleRuns],
  ['compute-seconds', computeSeconds],
  ['gpu-hours', gpuHours],
  ['wallet-api', walletApi],
  ['enterprise-pool', enterprisePool],
])
