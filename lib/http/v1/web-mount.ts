import 'server-only'

import { answerApi } from './answer-api'

/** The machine API as a web-standard handler: what Next mounts, and any other host could. */
export async function handleApi(request: Request): Promise<Response> {
  const { method, url, headers, body } = request
  const answer = await answerApi({ method, url, headers, body: body as AsyncIterable<Uint8Array> | null })
  return new Response(answer.body, { status: answer.status, headers: answer.headers })
}
