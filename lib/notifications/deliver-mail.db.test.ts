import { createServer, type Server } from 'node:net'

import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { addLetter, findLetter } from '@/lib/db/mail'
import { inTransaction } from '@/lib/db/pool'
import { sendMail } from '@/lib/jobs/send-mail'
import { invitationLetter } from '@/lib/mail/invitation-letter'
import { movableClock } from '@/lib/testing/clock'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'

import { deliverMail } from './deliver-mail'

const JOB = { kind: 'job', task: 'send_mail' } as const
const clock = movableClock()
const received: string[] = []
let isRefusing = false
let server: Server
let database: TestDatabase

beforeAll(async () => {
  server = await listenForMail()
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  database = await openTestDatabase(() => Promise.resolve({ SMTP_URL: `smtp://127.0.0.1:${port}` }))
})
afterAll(async () => {
  server.close()
  await database.drop()
})

/** As much of a mail server as it takes: every letter's text is kept, or refused for now. */
function listenForMail(): Promise<Server> {
  const mailServer = createServer((socket) => {
    let letter: string[] | null = null
    const answer = (line: string): string | null => {
      if (letter !== null) {
        if (line !== '.') {
          letter.push(line)
          return null
        }
        received.push(letter.join('\n'))
        letter = null
        return '250 taken'
      }
      if (line.startsWith('RCPT') && isRefusing) return '451 try again later'
      if (line === 'DATA') letter = []
      if (line === 'DATA') return '354 go on'
      return line === 'QUIT' ? '221 bye' : '250 fine'
    }
    let rest = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\r\n')
      rest = lines.pop() ?? ''
      for (const reply of lines.map(answer)) if (reply !== null) socket.write(`${reply}\r\n`)
    })
    socket.write('220 here\r\n')
  })
  return new Promise((resolve) => mailServer.listen(0, '127.0.0.1', () => resolve(mailServer)))
}

async function write(subject: string): Promise<string> {
  const letter = { recipient: 'ana@acme.dev', subject, text: `${subject} as text`, html: `<p>${subject}</p>` }
  return inTransaction((tx) => addLetter(tx, letter, clock.now()))
}

it('a letter is sent once, however often its job runs', async () => {
  const mailId = await write('Once')
  expect(await deliverMail(JOB, { mailId }, clock)).toEqual({ ok: true, value: 'sent' })
  await sendMail({ mailId })
  expect(received.filter((letter) => letter.includes('Subject: Once'))).toHaveLength(1)
  expect((await findLetter(mailId))?.sentAt).toEqual(clock.now())
})

it('a letter that the server refuses stays unsent, and its job fails so that it is tried again', async () => {
  const mailId = await write('Later')
  isRefusing = true
  await expect(deliverMail(JOB, { mailId }, clock)).rejects.toThrow()
  expect((await findLetter(mailId))?.sentAt).toBeNull()
  isRefusing = false
  expect(await deliverMail(JOB, { mailId }, clock)).toEqual({ ok: true, value: 'sent' })
})

it('a letter and its job are written together, or neither is', async () => {
  const jobs = async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const { rows } = await client.query<{ key: string }>('SELECT key FROM graphile_worker.jobs')
    await client.end()
    return rows.map(({ key }) => key)
  }
  const before = await jobs()
  const mailId = await write('Together')
  expect(await jobs()).toEqual(expect.arrayContaining([`mail:${mailId}`]))
  const undone = inTransaction(async (tx) => {
    await addLetter(tx, { recipient: 'a@b.dev', subject: 'No', text: '', html: '' }, clock.now())
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  expect(await jobs()).toHaveLength(before.length + 1)
})

it('a member cannot send letters, and a job with a strange payload fails', async () => {
  const member = { kind: 'user', userId: 'u', organizationId: 'o', role: 'owner', seat: 'pro' } as const
  expect(await deliverMail(member, { mailId: 'x' }, clock)).toMatchObject({ error: { code: 'forbidden' } })
  await expect(sendMail({ mailId: 'x' })).rejects.toThrow()
})

it('names that people typed stay text in a letter', () => {
  const letter = invitationLetter({
    organizationName: 'Acme"><img src=x onerror=alert(1)>',
    inviterName: 'Ana\r\nBcc: eve@evil.dev',
    roleLabel: 'a member',
    path: '/invite/token',
    days: 7,
  })
  expect(letter.html).not.toContain('<img')
  expect(letter.html).toContain('&lt;img src=x')
  expect(letter.subject).not.toMatch(/[\r\n]/)
  expect(letter.text).toContain('http://localhost:3000/invite/token')
})
