import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request that reached the endpoint. */
export type ReceivedWebhook = { readonly body: string; readonly signature: string | null; readonly at: number }

/** An endpoint that keeps what it is sent and answers as it is told. */
export type WebhookReceiver = {
  readonly url: string
  readonly received: ReceivedWebhook[]
  /** The status of the answers from now on; 200 at first. */
  answerWith: (status: number) => void
  readonly close: () => Promise<void>
}

/** Listens on a free port of the loopback address. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = []
  let status = 200
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const signature = request.headers['stripe-signature']
      const body = Buffer.concat(chunks).toString('utf8')
      received.push({ body, signature: typeof signature === 'string' ? signature : null, at: performance.now() })
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
    received,
    answerWith: (next) => {
      status = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
