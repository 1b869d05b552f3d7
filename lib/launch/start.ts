/** `npm start`: runs the build in production, on the database and the Stripe account of the environment. */
import { existsSync } from 'node:fs'

import { env } from '../env'
import { startChild } from './children'
import { readDotEnv } from './installation'
import { migrateAll } from './migrate'
import { endWith, requireEnvironment } from './process'

readDotEnv()
requireEnvironment()
if (!existsSync('.next/BUILD_ID')) {
  process.stderr.write('There is no build yet. Run `npm run build` first.\n')
  process.exit(1)
}

const print = (line: string): void => void process.stdout.write(`${line}\n`)
const applied = await migrateAll(env().DATABASE_URL)
if (applied.length > 0) print(`Applied ${applied.length} migrations.`)
const worker = await startChild('worker', 'lib/launch/worker.ts', { NODE_ENV: 'production' }, print)
const web = await startChild('web', 'server.ts', { NODE_ENV: 'production' }, print)
print(`Purser is at ${env().APP_URL}`)

const stop = async (): Promise<void> => {
  await Promise.all([web.stop(), worker.stop()])
}
endWith(stop)
for (const child of [web, worker]) {
  void child.exited.then(async (code) => {
    print(`${child.name} ended with ${code ?? 'a signal'}.`)
    await stop()
    process.exit(1)
  })
}
