/** Serves the build with the demo on a folder that is thrown away afterwards: for journeys, tours and a look around. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { freePort } from './postgres'
import { endWith } from './process'
import { startStack } from './stack'

const folder = await mkdtemp(path.join(tmpdir(), 'purser-demo-'))
// PostgreSQL runs as a user of its own, who has to reach its folder.
await chmod(folder, 0o755)
const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
const print = (line: string): void => void process.stderr.write(`${line}\n`)
const port = await freePort()
const stack = await startStack({ folder, nodeEnv: 'production', port, print }).catch(async (error: unknown) => {
  print(error instanceof Error ? error.message : String(error))
  await remove()
  process.exit(1)
})
const { url, sandboxUrl, secrets } = stack
process.stdout.write(`${JSON.stringify({ ready: url, sandboxUrl, ...secrets })}\n`)
endWith(async () => {
  await stack.stop()
  await remove()
})
