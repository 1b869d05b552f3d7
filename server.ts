/** The web process: one port, the machine API answered at once, everything else by Next. Prints `{"listening":…}` when it is ready. */
import next from 'next'

import { env, EnvironmentError, isSandbox } from './lib/env'
import { createFront, openFront } from './lib/http/v1/front'

const LOOPBACK = '127.0.0.1'

try {
  await serve()
} catch (error) {
  console.error(error instanceof EnvironmentError ? error.message : error)
  process.exit(1)
}

async function serve(): Promise<void> {
  const { NODE_ENV, PORT } = env()
  const isDevelopment = NODE_ENV !== 'production'
  // Demo people sign in with one click while payments go to the sandbox: nobody but this machine may reach that.
  const host = isDevelopment || isSandbox() ? LOOPBACK : undefined
  const site = next({ dev: isDevelopment, hostname: host ?? 'localhost', port: PORT })
  await site.prepare()

  const answer = site.getRequestHandler()
  const server = createFront(answer)
  const upgrade = site.getUpgradeHandler()
  server.on('upgrade', (message, socket, head) => void upgrade(message, socket, head).catch(() => socket.destroy()))
  const front = await openFront(server, PORT, host)

  let isStopping = false
  const stop = () => {
    if (isStopping) return
    isStopping = true
    void front
      .stop()
      .then(() => site.close())
      .catch((error: unknown) => console.error(error))
      .finally(() => process.exit())
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.once('disconnect', stop)
  console.log(JSON.stringify({ listening: `http://${host ?? 'localhost'}:${front.port}` }))
}
