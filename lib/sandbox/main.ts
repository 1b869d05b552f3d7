import { startSandbox } from './server'
import { readSandboxSettings } from './settings'

const settings = readSandboxSettings()
if (!settings.ok) {
  process.stderr.write(`The Stripe sandbox cannot start:\n  ${settings.error.join('\n  ')}\n`)
  process.exit(1)
}

const sandbox = await startSandbox(settings.value)
process.stdout.write(`${JSON.stringify({ listening: sandbox.url })}\n`)

let isStopping = false
function stop(): void {
  if (isStopping) return
  isStopping = true
  sandbox.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  )
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
// With a channel to whoever started it, the sandbox does not outlive them: a killed parent leaves no port taken.
process.on('disconnect', stop)
