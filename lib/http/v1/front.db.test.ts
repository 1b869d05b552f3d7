import { request } from 'node:http'

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { checkReadiness } from '@/lib/analytics/check-readiness'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'

import { createFront, openFront } from './front'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.drop())

describe('the slim front', () => {
  it('answers the machine API itself and hands everything else on', async () => {
    const server = createFront((message, response) => {
      response.end(`else: ${message.url ?? ''}`)
      return Promise.resolve()
    })
    const { port, stop } = await openFront(server, 0, '127.0.0.1')
    const text = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text()
    for (const path of ['/', '/api/v1x', '/api/health/live', '/o/acme?next=/api/v1/usage']) {
      expect(await text(path)).toBe(`else: ${path}`)
    }
    for (const path of ['/api/v1', '/api/v1/', '/api/v1/meters', '/api/v1?x=1', '/api/v1/../../secret']) {
      expect(await rawText(port, path)).toContain('urn:purser:problem:')
    }
    expect((await fetch(`http://127.0.0.1:${port}/o/%ff`)).status).toBe(400)
    await stop()
  })

  it('finishes what is running when it is told to stop, and takes nothing new', async () => {
    let finish = () => undefined as void
    let begin = () => undefined as void
    const started = new Promise<void>((resolve) => (begin = resolve))
    const server = createFront((_message, response) => {
      finish = () => void response.end('done')
      begin()
      return Promise.resolve()
    })
    const { port, stop } = await openFront(server, 0, '127.0.0.1')
    const running = fetch(`http://127.0.0.1:${port}/slow`)
    await started
    const stopped = stop()
    await expect(fetch(`http://127.0.0.1:${port}/late`)).rejects.toThrow()
    finish()
    expect(await (await running).text()).toBe('done')
    await stopped
  })

  it('answers 500 when what it hands on to throws', async () => {
    const server = createFront(() => Promise.reject(new Error('a bug')))
    const { port, stop } = await openFront(server, 0, '127.0.0.1')
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(500)
    await stop()
  })
})

describe('readiness', () => {
  it('is given while the database has every migration, and taken back when one is missing', async () => {
    expect(await checkReadiness()).toEqual({ ok: true, value: null })
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(
      'DELETE FROM _prisma_migrations WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)',
    )
    await client.end()
    expect(await checkReadiness()).toEqual({ ok: false, error: { reason: 'migrations_missing' } })
  })
})

/** As it is written, where `fetch` would tidy the path up first. */
function rawText(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve(text))
    })
    sent.on('error', reject)
    sent.end()
  })
}
