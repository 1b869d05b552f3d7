import fc from 'fast-check'

const FIXED_SEED = 20261123

/**
 * The same examples for everybody, so that a red run means that the change broke something. `PROPERTY_SEED=random` looks for new
 * ones, and prints the seed of what it finds.
 */
const { env } = import.meta as ImportMeta & { env: Record<string, string | undefined> }
if (env['PROPERTY_SEED'] !== 'random') fc.configureGlobal({ seed: FIXED_SEED })
