import 'server-only'

import { z } from 'zod'

import { systemClock } from '@/lib/clock'
import { deliverMail } from '@/lib/notifications/deliver-mail'

const payloadSchema = z.object({ mailId: z.uuid() })

/** Task `send_mail`: sends one e-mail of the outbox. What is wrong with the payload is a bug and fails the job. */
export async function sendMail(payload: unknown): Promise<void> {
  const { mailId } = payloadSchema.parse(payload)
  await deliverMail({ kind: 'job', task: 'send_mail' }, { mailId }, systemClock)
}
