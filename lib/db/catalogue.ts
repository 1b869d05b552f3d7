import 'server-only'

import type { Mode } from '@/lib/auth/rules/actor'
import { formatQuantity } from '@/lib/money/quantity'
import type { Price, PriceDefinition } from '@/lib/usage/rules/price'
import { readPriceDefinition } from '@/lib/usage/rules/read-price'

import { readQuantity } from './numeric'
import { query, type Row, type Tx } from './pool'

/** What is held and spent. */
export type Asset = {
  readonly code: string
  readonly name: string
  readonly scale: number
  /** What one whole unit is worth in dollars, a decimal string; null when it has no dollar price. */
  readonly usdPrice: string | null
}

/** A thing that is counted. */
export type Meter = {
  readonly key: string
  readonly name: string
  readonly unit: 'count' | 'second' | 'hour'
  readonly heartbeatTimeoutSeconds: number | null
}

/** Everything that says what usage costs in one mode, at one version. */
export type Catalogue = {
  readonly version: bigint
  readonly assets: ReadonlyMap<string, Asset>
  readonly meters: ReadonlyMap<string, Meter>
  /** The price versions of each meter, in the order in which they come into force. */
  readonly prices: ReadonlyMap<string, readonly Price[]>
}

type Run = (sql: string, parameters: readonly unknown[]) => Promise<Row[]>

const VERSION = 'SELECT version FROM catalogue_version WHERE mode = $1'
const BUMP = 'UPDATE catalogue_version SET version = version + 1 WHERE mode = $1 RETURNING version'
const HOLD = 'SELECT version FROM catalogue_version WHERE mode = $1 FOR UPDATE'
const ASSETS = 'SELECT code, name, scale, usd_price FROM asset WHERE mode = $1 ORDER BY code'
const METERS = 'SELECT key, name, unit, heartbeat_timeout_seconds FROM meter WHERE mode = $1 ORDER BY key'
const PRICES = `SELECT id, meter_key, definition, effective_from FROM price WHERE mode = $1 ORDER BY meter_key, effective_from`
const PUT_ASSET = `INSERT INTO asset (mode, code, name, scale, usd_price) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (mode, code) DO UPDATE SET name = excluded.name, scale = excluded.scale, usd_price = excluded.usd_price`
const PUT_METER = `INSERT INTO meter (mode, key, name, unit, heartbeat_timeout_seconds) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (mode, key) DO UPDATE SET name = excluded.name, unit = excluded.unit,
    heartbeat_timeout_seconds = excluded.heartbeat_timeout_seconds`
const INSERT_PRICE = `INSERT INTO price (mode, id, meter_key, asset_code, definition, effective_from, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`

const cached = new Map<Mode, Catalogue>()

/**
 * The catalogue of a mode, from memory while its version still stands. Inside a transaction give its `tx`: the version is read
 * there, so no usage is ever rated by a price that another process has already replaced.
 */
export async function readCatalogue(mode: Mode, tx?: Tx): Promise<Catalogue> {
  const run: Run = tx === undefined ? query : tx.query
  const [row] = await run(VERSION, [mode])
  const version = row?.['version']
  const known = cached.get(mode)
  if (typeof version !== 'bigint') throw new Error(`the catalogue of mode ${mode} has no version`)
  if (known?.version === version) return known
  const loaded = await load(run, mode, version)
  cached.set(mode, loaded)
  return loaded
}

/**
 * The catalogue as it stands before a change that is decided on it. Locks the version row. Read it before `lockCatalogue`, which
 * raises the version: a catalogue that is read between the two would be kept under the new version without the change.
 */
export async function holdCatalogue(tx: Tx, mode: Mode): Promise<Catalogue> {
  await tx.query(HOLD, [mode])
  return readCatalogue(mode, tx)
}

/** Makes every cached catalogue of the mode stale once the transaction commits. Locks the version row: changes of a catalogue are one after another. */
export async function lockCatalogue(tx: Tx, mode: Mode): Promise<void> {
  await tx.query(BUMP, [mode])
}

/** Adds or replaces an asset. Call after `lockCatalogue`. */
export async function putAsset(tx: Tx, mode: Mode, asset: Asset): Promise<void> {
  await tx.query(PUT_ASSET, [mode, asset.code, asset.name, asset.scale, asset.usdPrice])
}

/** Adds or replaces a meter. Call after `lockCatalogue`. */
export async function putMeter(tx: Tx, mode: Mode, meter: Meter): Promise<void> {
  await tx.query(PUT_METER, [mode, meter.key, meter.name, meter.unit, meter.heartbeatTimeoutSeconds])
}

/** A price version that is about to come into force. */
export type NewPrice = {
  readonly id: string
  readonly meter: string
  readonly asset: string
  readonly definition: PriceDefinition
  readonly effectiveFrom: Date
  readonly createdAt: Date
}

/** Adds a price version. Call after `lockCatalogue`. */
export async function insertPrice(tx: Tx, mode: Mode, price: NewPrice): Promise<void> {
  const definition = JSON.stringify(price.definition)
  await tx.query(INSERT_PRICE, [
    mode,
    price.id,
    price.meter,
    price.asset,
    definition,
    price.effectiveFrom,
    price.createdAt,
  ])
}

const IS_ASSET_USED = `SELECT EXISTS (
    SELECT FROM wallet w JOIN billing_account a ON a.id = w.account_id WHERE a.mode = $1 AND w.asset_code = $2
  ) OR EXISTS (SELECT FROM price WHERE mode = $1 AND asset_code = $2)
  OR EXISTS (SELECT FROM plan WHERE mode = $1 AND entitlements @> jsonb_build_array(jsonb_build_object('asset', $2::text)))
  OR EXISTS (SELECT FROM contract c JOIN billing_account a ON a.id = c.account_id WHERE a.mode = $1 AND c.package_asset = $2)
  OR EXISTS (SELECT FROM account_member m JOIN billing_account a ON a.id = m.account_id WHERE a.mode = $1 AND m.lite_asset = $2) AS used`
/** A day of a meter's rollup says which accounts are worth a look: of the others no event is read. */
const LAST_RATED = `SELECT max(rated.at) AS last FROM billing_account a CROSS JOIN LATERAL (
    SELECT max(e.occurred_at) AS at FROM usage_event e
    WHERE e.account_id = a.id AND e.meter = $2 AND e.occurred_at >= $3 AND EXISTS (
      SELECT FROM daily_usage d WHERE d.account_id = a.id AND d.day >= $4::date AND d.meter = $2
    )
  ) AS rated WHERE a.mode = $1`
const DAY_MS = 86_400_000

/** Whether amounts of an asset exist already, or are agreed on: from then on its scale stands. Looks at every wallet. */
export async function isAssetUsed(tx: Tx, mode: Mode, code: string): Promise<boolean> {
  const [row] = await tx.query(IS_ASSET_USED, [mode, code])
  return row?.['used'] === true
}

/** When usage of a meter that occurred at or after an instant was last rated, or null. Looks at every account: rare, never hot. */
export async function lastRatedFrom(tx: Tx, mode: Mode, meter: string, from: Date): Promise<Date | null> {
  const day = new Date(from.getTime() - DAY_MS)
  const [row] = await tx.query(LAST_RATED, [mode, meter, from, day])
  return (row?.['last'] ?? null) as Date | null
}

async function load(run: Run, mode: Mode, version: bigint): Promise<Catalogue> {
  const assets = new Map((await run(ASSETS, [mode])).map((row) => [row['code'] as string, readAsset(row)]))
  const meters = new Map((await run(METERS, [mode])).map((row) => [row['key'] as string, readMeter(row)]))
  const prices = new Map<string, Price[]>()
  for (const row of await run(PRICES, [mode])) {
    const price = readPrice(row, assets)
    prices.set(price.meter, [...(prices.get(price.meter) ?? []), price])
  }
  return { version, assets, meters, prices }
}

function readAsset(row: Row): Asset {
  return {
    code: row['code'] as string,
    name: row['name'] as string,
    scale: row['scale'] as number,
    usdPrice: row['usd_price'] === null ? null : formatQuantity(readQuantity(row['usd_price'] as string)),
  }
}

function readMeter(row: Row): Meter {
  return {
    key: row['key'] as string,
    name: row['name'] as string,
    unit: row['unit'] as Meter['unit'],
    heartbeatTimeoutSeconds: row['heartbeat_timeout_seconds'] as number | null,
  }
}

function readPrice(row: Row, assets: ReadonlyMap<string, Asset>): Price {
  const id = row['id'] as string
  const terms = readPriceDefinition(row['definition'] as PriceDefinition)
  if (!terms.ok) throw new Error(`price ${id} is stored with terms that cannot be read`)
  const asset = assets.get(terms.value.asset)
  if (asset === undefined) throw new Error(`price ${id} is in an asset that does not exist`)
  const effectiveFrom = row['effective_from'] as Date
  return { ...terms.value, id, meter: row['meter_key'] as string, scale: asset.scale, effectiveFrom }
}
