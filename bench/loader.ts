/** Calls the API over HTTP as the operator's backend would, in a process of its own. */
import { randomBytes } from 'node:crypto'

import { answerCommands } from './child'
import { callFor } from './callers'
import type { LoadCommand, Pace } from './commands'
import { openHttpConnection } from './http-connection'
import { eventJson } from './sample-event'

answerCommands(load, () => Promise.resolve())

async function load({ port, key, organizations, batch, connections, ms }: LoadCommand): Promise<Pace> {
  const opened = await Promise.all(Array.from({ length: connections }, () => openHttpConnection(port, key)))
  const run = randomBytes(6).toString('hex')
  let number = 0
  const next = () => {
    number += 1
    return eventJson(`${run}-${number}`, organizations[number % organizations.length] ?? '', number)
  }
  const body = () => (batch === null ? next() : `{"events":[${Array.from({ length: batch }, next).join(',')}]}`)
  try {
    return await callFor(connections, ms, async (caller) => {
      const answer = await opened[caller]?.post(batch === null ? '/api/v1/usage' : '/api/v1/usage/batch', body())
      const isRefused = answer === undefined || answer.status >= 300 || answer.text.includes('"error":')
      if (isRefused) throw new Error(`the API answered ${answer?.status}: ${answer?.text.slice(0, 400)}`)
      return batch ?? 1
    })
  } finally {
    for (const connection of opened) connection.close()
  }
}
