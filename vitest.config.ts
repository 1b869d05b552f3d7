import path from 'node:path'
import { defineConfig } from 'vitest/config'

const root = import.meta.dirname

/** `unit` is everything that needs no I/O worth naming; `db` needs PostgreSQL or a process of its own. */
const config = defineConfig({
  resolve: {
    alias: {
      '@': root,
      // Outside Next the marker resolves to the module that throws; the tests are server code.
      'server-only': path.join(root, 'node_modules/server-only/empty.js'),
    },
  },
  test: {
    pool: 'forks',
    retry: 0,
    bail: 0,
    allowOnly: false,
    passWithNoTests: false,
    setupFiles: './lib/testing/property-seed.ts',
    unstubEnvs: true,
    restoreMocks: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{app,bench,components,lib,prisma}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts', '**/node_modules/**'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'db',
          include: ['{app,bench,lib,prisma}/**/*.db.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: './lib/testing/cluster.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})

export default config
