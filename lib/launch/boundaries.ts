import path from 'node:path'
import { cruiseFolder } from '@/lib/testing/boundaries'

/** `npm run boundaries`: checks who imports whom. Fails on a violation, and on a graph that is empty or has no edges. */
const root = path.resolve(import.meta.dirname, '../..')
const cruise = await cruiseFolder(root, path.join(root, '.dependency-cruiser.mjs'))

for (const { rule, from, to } of cruise.violations) console.error(`${rule}: ${from} → ${to}`)

const seen = `${cruise.files.length} files, ${cruise.localImports} imports between them, ${cruise.violations.length} forbidden`
if (cruise.files.length === 0 || cruise.localImports === 0) {
  console.error(`No imports were seen, so nothing was checked: ${seen}.`)
  process.exitCode = 1
} else {
  console.log(seen)
  process.exitCode = cruise.violations.length === 0 ? 0 : 1
}
