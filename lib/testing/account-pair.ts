import { randomUUID } from 'node:crypto'

import { expect } from 'vitest'

import { findAccountNamed } from '../db/account-names'
import { showId } from '../db/ids'
import { query } from '../db/pool'
import { moveTestClock } from '../db/test-clock'
import { sweepDue } from '../schedule/sweep-due'

import { pictureOf, pictureOfNaive } from './account-picture'
import type { Answered, ApiClient } from './api'
import { valueOf } from './ledger'
import { NaiveAccount } from './naive-account'
import type { Told } from './naive-counts'
import { instantOf, TIME_ZONE } from './naive-catalogue'
import { readFaults } from './whole-books'

/** A request that may be sent again under its key. */
type Sent = { readonly method: string; readonly path: string; readonly body: object; readonly key: string }

/** One organization of the product, driven through its API, beside the naive account that says what is to happen. */
export class AccountPair {
  readonly naive = new NaiveAccount()
  /** The ids of the holds, in the order in which the naive account has them. */
  readonly holds: string[] = []
  made = 0

  private constructor(
    readonly api: ApiClient,
    readonly organization: string,
    readonly accountId: string,
  ) {}

  /** An organization of its own, whose clock stands at hour 0. */
  static async open(api: ApiClient): Promise<AccountPair> {
    const external_id = `org-${randomUUID()}`
    const body = { external_id, name: 'Acme', time_zone: TIME_ZONE }
    await api.call('POST', '/organizations', { body })
    const account = await findAccountNamed('test', external_id)
    if (account === null) throw new Error('the organization was not made')
    await moveTestClock(account.id, instantOf(0))
    return new AccountPair(api, external_id, account.id)
  }

  /** Sends a request and checks that it is answered as the naive account says. */
  async ask(told: Told, method: string, path: string, body?: object, key?: string): Promise<Answered> {
    const headers = key === undefined ? {} : { 'idempotency-key': key }
    const answered = await this.api.call(method, path, { headers, ...(body === undefined ? {} : { body }) })
    expect({ status: answered.status, body: answered.body }).toMatchObject(told)
    return answered
  }

  /** Sends it twice under one key: the second answer is the first one to the letter. */
  async askTwice(told: Told, { method, path, body, key }: Sent): Promise<Answered> {
    const first = await this.ask(told, method, path, body, key)
    if (first.status >= 300) return first
    const again = await this.ask(told, method, path, body, key)
    expect(again.text).toBe(first.text)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    return first
  }

  newKey(): string {
    this.made += 1
    return `${this.organization}-${this.made}`
  }

  /** Everything that the tables and the balance say is what the naive account says. */
  async compare(): Promise<void> {
    const [picture, balance] = await Promise.all([
      pictureOf(this.accountId),
      this.api.call('GET', `/organizations/${this.organization}/balance`),
    ])
    expect(picture).toEqual(pictureOfNaive(this.naive))
    const pools = [...this.naive.wallets].filter(([name, { lines }]) => !name.includes(' ') && lines.length > 0)
    for (const [asset, { balance: booked }] of pools) {
      const shown = this.naive.shown(asset)
      const upcoming = shown.lots.filter((lot) => lot.effective > shown.now).reduce((sum, lot) => sum + lot.free, 0)
      const figures = { asset, balance: `${booked}`, held: `${shown.held}`, debt: `${shown.debt}` }
      const spendable = { available: `${shown.available()}`, unrestricted: `${shown.available('unscoped')}` }
      const wallets = balance.body['wallets'] as readonly { readonly asset: string }[]
      const found = wallets.find((wallet) => wallet.asset === asset)
      expect(found).toMatchObject({ ...figures, ...spendable, upcoming: `${upcoming}` })
    }
  }

  /** A dry run shows the counters without moving them. */
  async probe(): Promise<void> {
    const told = this.naive.probe('p', 4, { member: 'ana', key: 'k' })
    if (told === null) return
    const body = { organization: this.organization, meter: 'p', quantity: '4', member: 'ana', key: 'k' }
    await this.ask(told, 'POST', '/authorizations?dry_run=true', body)
  }

  /** The end of a run: what is due is swept, the counters agree, and the tables keep every invariant. */
  async finish(): Promise<void> {
    await this.sweep()
    await this.compare()
    await this.compareCounters()
    expect(await readFaults([this.accountId])).toEqual([])
  }

  /** Moves the clock while nobody does what falls due; false when it would come into another period. */
  async jump(hours: number): Promise<boolean> {
    if (!this.naive.jump(hours)) return false
    await moveTestClock(this.accountId, instantOf(this.naive.now))
    return true
  }

  async sweep(): Promise<void> {
    for (const name of this.naive.wallets.keys()) this.naive.wallet(name)
    const swept = await sweepDue({ kind: 'job', task: 'test' }, { now: () => new Date() })
    expect(swept.troubled).toEqual([])
  }

  /** The id of the grant that an entry of a wallet made. */
  async grantAt(name: string, sequence: number): Promise<string> {
    const [asset, member = null] = name.split(' ')
    const [row] = await query(
      `SELECT g.id FROM credit_grant g JOIN wallet w ON w.account_id = g.account_id AND w.id = g.wallet_id
       LEFT JOIN account_member m ON m.account_id = w.account_id AND m.id = w.member_id
       WHERE g.account_id = $1 AND w.asset_code = $2 AND m.external_id IS NOT DISTINCT FROM $3 AND g.sequence = $4`,
      [this.accountId, asset, member, sequence],
    )
    return showId('grt', valueOf(row === undefined ? { ok: false } : { ok: true, value: row['id'] as string }))
  }

  private async compareCounters(): Promise<void> {
    const { naive, accountId } = this
    const covered = await query('SELECT * FROM allowance_usage WHERE account_id = $1', [accountId])
    for (const row of covered) {
      const from = ((row['period_start'] as Date).getTime() - instantOf(0).getTime()) / 3_600_000
      const counted = naive.covered(row['meter'] as string, { from, to: from })
      expect({ covered: Number(row['covered']), reserved: Number(row['reserved']) }).toEqual(counted)
    }
    const used = await query('SELECT * FROM period_usage WHERE account_id = $1', [accountId])
    for (const row of used) {
      const from = ((row['period_start'] as Date).getTime() - instantOf(0).getTime()) / 3_600_000
      expect([row['meter'], Number(row['quantity'])]).toEqual([
        row['meter'],
        naive.billed(row['meter'] as string, from),
      ])
    }
    const limits = await query('SELECT sum(reserved)::text AS reserved FROM limit_counter WHERE account_id = $1', [
      accountId,
    ])
    if (naive.holds.every(({ hold }) => hold.status !== 'open')) expect(Number(limits[0]?.['reserved'] ?? 0)).toBe(0)
  }
}
