/** The worker's process: `npm run worker`. Ends when asked, or when the process that started it is gone. */
import { closePool } from '../db/pool'
import { startWorker } from '../jobs/worker'
import { endWith, requireEnvironment } from './process'

requireEnvironment()
const worker = await startWorker()
process.stdout.write(`${JSON.stringify({ ready: 'worker' })}\n`)
endWith(async () => {
  await worker.stop()
  await closePool()
})
