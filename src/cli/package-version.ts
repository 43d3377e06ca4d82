import { readFileSync } from 'node:fs'

/** The version of the package; the same place from `src/cli` and from `dist/cli`. */
export function packageVersion(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
}
