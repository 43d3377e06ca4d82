import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Timed } from './timed.ts'

/** What has been finished so far, kept where the next run finds it. */
export interface Checkpoint {
  readonly finished: ReadonlyMap<string, Timed<unknown>>
  keep(key: string, outcome: Timed<unknown>): void
  /** All is done: the next run begins anew. */
  remove(): void
}

/**
 * One line of JSON a finished cell, in `<folder>/checkpoint-<name>.jsonl`, its first the code's hash: what other
 * code has finished is forgotten. A last line cut short by a crash is left out.
 * @param folder null: nothing is written
 */
export function openCheckpoint(folder: string | null, name: string): Checkpoint {
  const finished = new Map<string, Timed<unknown>>()
  const file = folder === null ? null : join(folder, `checkpoint-${name}.jsonl`)
  if (folder !== null && file !== null) {
    mkdirSync(folder, { recursive: true })
    const code = `code ${codeHash()}`
    const [first, ...lines] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
    if (first === code) {
      for (const line of lines) {
        if (!line.endsWith(']')) continue
        const [key, outcome] = JSON.parse(line) as [string, Timed<unknown>]
        finished.set(key, outcome)
      }
    }
    writeFileSync(file, [code, ...[...finished].map((entry) => JSON.stringify(entry)), ''].join('\n'))
  }
  return {
    finished,
    keep(key, outcome) {
      finished.set(key, outcome)
      if (file !== null) appendFileSync(file, `${JSON.stringify([key, outcome])}\n`)
    },
    remove() {
      if (file !== null) rmSync(file, { force: true })
    },
  }
}

/** Of all that a cell's outcome may hang on: the pure rooms, and the checks themselves. */
function codeHash(): string {
  const hash = createHash('sha256')
  for (const folder of CODE) {
    const root = join(import.meta.dirname, '../../..', folder)
    for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
      if (path.endsWith('.ts')) hash.update(path).update(readFileSync(join(root, path)))
    }
  }
  return hash.digest('hex')
}

const CODE = [
  'src/statistics',
  'src/sketches',
  'src/windows',
  'src/detectors',
  'src/steps',
  'bench/accuracy',
  'bench/streams',
]
