import 'server-only'

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm'
import * as engineBindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'

type EngineBindings = {
  readonly SchemaEngine: typeof SchemaEngine
  readonly __wbg_set_wasm: (exports: WebAssembly.Exports) => void
}

/**
 * Runs some work on Prisma's schema engine as WebAssembly over the pg adapter, so that migrations need no downloaded binary.
 * The result is the same `_prisma_migrations` table that `prisma migrate deploy` reads. Closes its connections afterwards.
 */
export async function withSchemaEngine<Value>(
  databaseUrl: string,
  schemaText: string,
  work: (engine: SchemaEngine) => Promise<Value>,
): Promise<Value> {
  loading ??= loadBindings()
  const bindings = await loading
  const pool = new pg.Pool({ connectionString: databaseUrl })
  const adapter = bindMigrationAwareSqlAdapterFactory(wholeScripts(new PrismaPg(pool)))
  const engine = await bindings.SchemaEngine.new(
    { datamodels: [['schema.prisma', schemaText]] },
    () => undefined,
    adapter,
  )
  try {
    return await work(engine)
  } finally {
    engine.free()
    await pool.end()
  }
}

/** The bindings keep one instance per process: a second one would pull the memory from under the first. */
let loading: Promise<EngineBindings> | undefined

async function loadBindings(): Promise<EngineBindings> {
  const bindings = engineBindings as unknown as EngineBindings
  const resolved = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const imports = { './schema_engine_bg.js': engineBindings as unknown as WebAssembly.ModuleImports }
  const { instance } = await WebAssembly.instantiate(await readFile(resolved.replace(/\.js$/, '.wasm')), imports)
  bindings.__wbg_set_wasm(instance.exports)
  const start = instance.exports['__wbindgen_start']
  if (typeof start === 'function') start()
  return bindings
}

/** The pg adapter splits a script at every semicolon, which breaks $$ bodies: a migration goes as one simple query instead. */
function wholeScripts(factory: SqlMigrationAwareDriverAdapterFactory): SqlMigrationAwareDriverAdapterFactory {
  const wrap = async (connecting: Promise<SqlDriverAdapter>): Promise<SqlDriverAdapter> => {
    const adapter = (await connecting) as Awaited<ReturnType<PrismaPg['connect']>>
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script)
    }
    return adapter
  }
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: () => wrap(factory.connect()),
    connectToShadowDb: () => wrap(factory.connectToShadowDb()),
  }
}
