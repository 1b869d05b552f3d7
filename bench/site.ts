import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

import { startChild } from '../lib/launch/children'
import { freePort } from '../lib/launch/postgres'

const NEXT = 'node_modules/next/dist/bin/next'
const START_WITHIN_MS = 60_000

/** A process that answers the machine API on loopback. */
export type Site = { readonly port: number; readonly pid: number; readonly stop: () => Promise<void> }

/** Makes the production build unless there is one. Throws with what the build printed when it fails. */
export async function ensureBuild(print: (line: string) => void): Promise<void> {
  if (existsSync('.next/BUILD_ID')) return
  print('There is no production build yet: making one …')
  const build = spawn(process.execPath, [NEXT, 'build'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [build.stdout, build.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(build, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`The production build failed:\n${output}`)
}

/** Starts the web process as `npm start` does: the slim front answers the API. */
export async function startFront(environment: Readonly<Record<string, string>>): Promise<Site> {
  const port = await freePort()
  const web = await startChild('web', 'server.ts', { ...environment, PORT: String(port) }, (line) =>
    console.error(line),
  )
  return { port, pid: web.pid, stop: web.stop }
}

/** Starts the same build under plain `next start`: a Next route handler answers the API. */
export async function startNext(environment: Readonly<Record<string, string>>): Promise<Site> {
  const port = await freePort()
  const child = spawn(process.execPath, [NEXT, 'start', '-H', '127.0.0.1', '-p', String(port)], {
    env: { ...process.env, ...environment, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exited = once(child, 'exit')
  const { pid } = child
  if (pid === undefined) throw new Error('next start does not start')
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
  }
  for (let waited = 0; waited < START_WITHIN_MS; waited += 100) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/usage`).catch(() => null)
    if (answer !== null) return { port, pid, stop }
    if (child.exitCode !== null) break
    await wait(100)
  }
  await stop()
  throw new Error('next start does not answer')
}
