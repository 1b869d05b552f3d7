import { connect } from 'node:net'
import { once } from 'node:events'

/** A keep-alive connection that asks one thing at a time. It does as little as it can: it runs beside what it measures. */
export type HttpConnection = {
  readonly post: (
    path: string,
    body: string,
    headers?: string,
  ) => Promise<{ readonly status: number; readonly text: string }>
  readonly close: () => void
}

const HEAD_END = '\r\n\r\n'
const LAST_CHUNK = '0\r\n\r\n'

/** Opens a connection to the API on loopback. */
export async function openHttpConnection(port: number, key: string): Promise<HttpConnection> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  let received = ''
  let waiting: { resolve: (answer: { status: number; text: string }) => void; reject: (error: Error) => void } | null =
    null
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    received += chunk
    const answer = readAnswer(received)
    if (answer === null || waiting === null) return
    received = ''
    const { resolve } = waiting
    waiting = null
    resolve(answer)
  })
  const fail = () => waiting?.reject(new Error('the server closed the connection'))
  socket.on('error', fail).on('close', fail)
  const fixed = `host: 127.0.0.1:${port}\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: `
  return {
    post: (path, body, headers = '') =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(`POST ${path} HTTP/1.1\r\n${headers}${fixed}${Buffer.byteLength(body)}${HEAD_END}${body}`)
      }),
    close: () => socket.destroy(),
  }
}

/** The status and the text of an answer that has arrived in full, or null. */
function readAnswer(received: string): { status: number; text: string } | null {
  const headEnd = received.indexOf(HEAD_END)
  if (headEnd < 0) return null
  const head = received.slice(0, headEnd)
  const text = received.slice(headEnd + HEAD_END.length)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  const isComplete = length === undefined ? text.endsWith(LAST_CHUNK) : text.length >= parseInt(length, 10)
  return isComplete ? { status: parseInt(head.slice(9, 12), 10), text } : null
}
