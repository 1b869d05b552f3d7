/** `npm run dev`: brings up the whole product on this machine and says how to use it. Ctrl-C leaves nothing running. */
import { banner } from './banner'
import { DATA_FOLDER, readDotEnv } from './installation'
import { endWith } from './process'
import { startStack } from './stack'

readDotEnv()
const print = (line: string): void => void process.stdout.write(`${line}\n`)
print('Starting Purser …')
const options = {
  folder: DATA_FOLDER,
  nodeEnv: 'development',
  port: Number(process.env['PORT'] ?? 3000),
  print,
} as const
const stack = await startStack(options).catch((error: unknown) => {
  print(`Purser could not start: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
})
print(banner(stack))
endWith(stack.stop)
for (const child of stack.children) {
  void child.exited.then((code) => {
    if (code !== 0) print(`${child.name} ended with ${code ?? 'a signal'}. Ctrl-C ends the rest.`)
  })
}
