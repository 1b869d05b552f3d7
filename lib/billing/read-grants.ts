import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { findAccountNamed } from '@/lib/db/account-names'
import { readBooks } from '@/lib/db/books'
import { findGrant } from '@/lib/db/grants'
import { readId } from '@/lib/db/ids'
import { findAccount } from '@/lib/db/organizations'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { toGrantAnswer } from './grant-answer'
import type { GrantAnswer } from './grant-contract'

type KeyActor = Extract<Actor, { kind: 'key' }>

/** A grant by its outside id. Errors: not_found, also when it is of the other mode. */
export async function readGrant(actor: KeyActor, id: string, clock: Clock): Promise<Result<GrantAnswer, PurserError>> {
  const uuid = readId('grt', id)
  const found = uuid === null ? null : await findGrant(uuid)
  const account = found === null ? null : await findAccount(found.accountId)
  if (found === null || account === null || account.mode !== actor.mode || !can(actor, 'history:read', account)) {
    return err({ code: 'not_found', what: 'grant' })
  }
  const { assetCode, scale } = found
  const place = { organizationId: account.organizationId, assetCode, scale }
  return ok(toGrantAnswer(found.grant, place, accountClock(account, clock).now()))
}

/** The open grants of an organization's wallets, each in the order in which it is spent. Errors: not_found. */
export async function listGrants(
  actor: KeyActor,
  organization: string,
  clock: Clock,
): Promise<Result<readonly GrantAnswer[], PurserError>> {
  const account = await findAccountNamed(actor.mode, organization)
  if (account === null || !can(actor, 'history:read', account)) return err({ code: 'not_found', what: 'organization' })
  const { organizationId } = account
  const at = accountClock(account, clock).now()
  const books = await readBooks(account.id)
  return ok(
    books.flatMap(({ wallet: { assetCode, scale }, grants }) =>
      grants.map((grant) => toGrantAnswer(grant, { organizationId, assetCode, scale }, at)),
    ),
  )
}
