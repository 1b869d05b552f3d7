import { CHECKS, endStepsWithThisProcess, runSideBySide } from './steps'

/** `npm run verify`: what can be checked without a database or a browser. */
endStepsWithThisProcess()
const outcomes = await runSideBySide([...CHECKS, { name: 'unit', script: 'test:unit' }])
const failed = outcomes.filter((outcome) => !outcome.isPassed).map((outcome) => outcome.name)

console.log(failed.length === 0 ? 'Everything holds.' : `Look at: ${failed.join(', ')}.`)
process.exitCode = failed.length === 0 ? 0 : 1
