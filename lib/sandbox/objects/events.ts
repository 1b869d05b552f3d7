import { z } from 'zod'
import { found, route, type Route } from '../http/answer'
import { list, page, text } from '../http/params'
import { noSuch } from '../http/refusal'
import { findObject, listObjects } from '../store/objects'

/** Events: list, retrieve. */
export const eventRoutes: readonly Route[] = [
  route(
    'GET',
    '/v1/events',
    z.strictObject({ ...page, type: text.optional(), types: list(text, 20).optional() }),
    async ({ tx }, input) => {
      const equals = { type: input.type }
      return found(await listObjects(tx, 'event', '/v1/events', { ...input, equals, anyOf: { type: input.types } }))
    },
  ),
  route('GET', '/v1/events/:id', z.strictObject({}), async ({ tx }, _input, id) => {
    const event = await findObject(tx, 'event', id)
    if (event === null) throw noSuch('event', id, 'id')
    return found(event.data)
  }),
]
