import 'server-only'

import { heartbeatRun } from '@/lib/usage/runs/heartbeat-run'
import { pauseRun } from '@/lib/usage/runs/pause-run'
import { readRun } from '@/lib/usage/runs/read-run'
import { readyRun } from '@/lib/usage/runs/ready-run'
import { resumeRun } from '@/lib/usage/runs/resume-run'
import { runAnswer, runInput, runMoveInput, type RunInput, type RunMoveInput } from '@/lib/usage/run-contract'
import { startRun } from '@/lib/usage/runs/start-run'
import { stopRun } from '@/lib/usage/runs/stop-run'

import { answer, param, refuse, respond, route, type Route } from '../route'

/** `POST /runs`. */
export const startRunRoute = route<RunInput>({
  method: 'POST',
  path: '/runs',
  summary: 'Start a run; it is free until it is ready',
  body: runInput,
  answers: {
    201: { description: 'It was started.', schema: runAnswer },
    200: { description: 'It was started before by this id; as it stands now.', schema: runAnswer },
  },
  handle: async ({ actor, body, clock }) => {
    const started = await startRun(actor, body, clock)
    if (!started.ok) return refuse(started.error)
    return answer(started.value.isReplay ? 200 : 201, started.value.run)
  },
})

/** `GET /runs/{id}`. */
export const getRunRoute = route({
  method: 'GET',
  path: '/runs/{id}',
  summary: 'A run, with what is billed so far',
  answers: { 200: { description: 'The run.', schema: runAnswer } },
  handle: async (call) => respond(200, await readRun(call.actor, param(call, 'id'))),
})

/** `POST /runs/{id}/ready`. */
export const readyRunRoute = moveRoute('ready', 'Report a run ready: from now on it is billed', readyRun)

/** `POST /runs/{id}/heartbeat`. */
export const heartbeatRunRoute = moveRoute('heartbeat', 'Say that a run is alive, and hear how it stands', heartbeatRun)

/** `POST /runs/{id}/pause`. */
export const pauseRunRoute = moveRoute('pause', 'Pause a run: from now on it is free', pauseRun)

/** `POST /runs/{id}/resume`. */
export const resumeRunRoute = moveRoute('resume', 'Let a paused run go on', resumeRun)

/** `POST /runs/{id}/stop`. */
export const stopRunRoute = moveRoute('stop', 'Stop a run for good', stopRun)

function moveRoute(name: string, summary: string, verb: typeof stopRun): Route {
  return route<RunMoveInput>({
    method: 'POST',
    path: `/runs/{id}/${name}`,
    summary,
    body: runMoveInput,
    isBodyOptional: true,
    answers: { 200: { description: 'The run as it stands.', schema: runAnswer } },
    handle: async (call) => respond(200, await verb(call.actor, param(call, 'id'), call.body, call.clock)),
  })
}
