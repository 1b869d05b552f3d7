// Generates the Prisma client. Runs as `postinstall`, so it needs nothing but Node and the installed packages.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const prismaCli = createRequire(import.meta.url).resolve('prisma/build/index.js')

const outcome = spawnSync(process.execPath, [prismaCli, 'generate', '--no-hints'], {
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  stdio: 'inherit',
  env: {
    ...process.env,
    // Generating never runs the native schema engine, but Prisma fetches it unless some existing file is named here.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  },
})

process.exitCode = outcome.status ?? 1
