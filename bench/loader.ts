/** Calls the API over HTTP as the operator's backend would, in a process of its own. */
import { randomBytes } from 'node:crypto'

import { answerCommands } from './child'
import { callAtRate, callFor } from './callers'
import type { AuthorizeLoad, LoadCommand, Pace, UsageLoad } from './commands'
import { openHttpConnection, type HttpConnection } from './http-connection'
import { authorizationJson, eventJson } from './sample-event'

const run = randomBytes(6).toString('hex')
let number = 0

answerCommands(load, () => Promise.resolve())

async function load(command: LoadCommand): Promise<Pace> {
  const { port, key, connections } = command
  const opened = await Promise.all(Array.from({ length: connections }, () => openHttpConnection(port, key)))
  try {
    return await (command.kind === 'usage' ? sendUsage(opened, command) : sendAuthorizations(opened, command))
  } finally {
    for (const connection of opened) connection.close()
  }
}

function sendUsage(opened: readonly HttpConnection[], { organizations, batch, connections, ms }: UsageLoad) {
  const next = () => {
    number += 1
    return eventJson(`${run}-${number}`, organizations[number % organizations.length] ?? '', number)
  }
  const path = batch === null ? '/api/v1/usage' : '/api/v1/usage/batch'
  const body = () => (batch === null ? next() : `{"events":[${Array.from({ length: batch }, next).join(',')}]}`)
  return callFor(connections, ms, async (caller) => {
    await accepted(opened[caller], path, body())
    return batch ?? 1
  })
}

/** Each call takes a connection that is free, or waits for one: its time counts from when it was due. */
function sendAuthorizations(opened: readonly HttpConnection[], load: AuthorizeLoad): Promise<Pace> {
  const { organization, connections, ms, perSecond } = load
  const authorize = async (connection: HttpConnection | undefined) => {
    number += 1
    const headers = `idempotency-key: ${run}-${number}\r\n`
    await accepted(connection, '/api/v1/authorizations', authorizationJson(organization, number), headers)
    return 1
  }
  if (perSecond === null) return callFor(connections, ms, (caller) => authorize(opened[caller]))
  const free = [...opened]
  const waiting: ((connection: HttpConnection) => void)[] = []
  const mostOpen = Math.ceil(perSecond)
  return callAtRate(perSecond, ms, mostOpen, async () => {
    const connection = free.pop() ?? (await new Promise<HttpConnection>((resolve) => void waiting.push(resolve)))
    await authorize(connection)
    const next = waiting.shift()
    if (next === undefined) free.push(connection)
    else next(connection)
  })
}

async function accepted(
  connection: HttpConnection | undefined,
  path: string,
  body: string,
  headers = '',
): Promise<void> {
  const answer = await connection?.post(path, body, headers)
  const isRefused = answer === undefined || answer.status >= 300 || answer.text.includes('"error":')
  if (isRefused) throw new Error(`the API answered ${answer?.status}: ${answer?.text.slice(0, 400)}`)
}
