import type { ErrorShape } from '../shapes'

/**
 * A request that Stripe would refuse before doing anything: thrown, so that the transaction rolls back and no
 * idempotent result is remembered. A bank's decline is not a refusal: it is returned, kept and remembered.
 */
export class Refusal extends Error {
  readonly status: number
  readonly error: ErrorShape

  constructor(status: number, error: ErrorShape) {
    super(error.message)
    this.status = status
    this.error = error
  }
}

/** 400 about one parameter, or about none. */
export function invalidRequest(message: string, code?: string, param?: string): Refusal {
  return new Refusal(400, {
    type: 'invalid_request_error',
    message,
    ...(code === undefined
      ? {}
      : { code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` }),
    ...(param === undefined ? {} : { param }),
  })
}

/** 404 for an object named in the path, 400 when it was named in a parameter. */
export function noSuch(what: string, id: string, param: string, status: 400 | 404 = 404): Refusal {
  const message = `No such ${what}: '${id}'`
  return new Refusal(status, { type: 'invalid_request_error', code: 'resource_missing', message, param })
}

/** 404 for an address that Stripe's API, as far as the sandbox plays it, does not have. */
export function unrecognized(method: string, path: string): Refusal {
  const message = `Unrecognized request URL (${method}: ${path}). The sandbox plays only the part of Stripe that Purser uses.`
  return new Refusal(404, { type: 'invalid_request_error', message })
}
