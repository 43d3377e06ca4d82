import { fileURLToPath } from 'node:url'
import { checkSources } from './check-sources.ts'
import { readDependencies, readSources } from './read-sources.ts'

/**
 * `npm run law [-- folder]`: one line a breach, exit 1 where there is one, and where nothing was read at all:
 * a check that sees no files passes everything.
 */
const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = process.argv[2] ?? `${root}src`
const { breaches, files, imports } = checkSources(
  readSources(folder),
  readDependencies(`${root}package.json`),
)

for (const { file, line, what, why } of breaches) {
  process.stdout.write(`src/${file}:${line}: ${what}: ${why}\n`)
}
process.stdout.write(`import law: ${files} files, ${imports} imports, ${breaches.length} breaches\n`)
if (breaches.length > 0 || files === 0) process.exitCode = 1
