import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
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
 * One line of JSON a finished cell, in `<folder>/checkpoint-<name>.jsonl`. A last line cut short by a crash
 * is left out. The keys say all that outcomes depend on but the code: after a change of code, remove the file.
 * @param folder null: nothing is written
 */
export function openCheckpoint(folder: string | null, name: string): Checkpoint {
  const finished = new Map<string, Timed<unknown>>()
  const file = folder === null ? null : join(folder, `checkpoint-${name}.jsonl`)
  if (file !== null && existsSync(file)) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (!line.endsWith(']')) continue
      const [key, outcome] = JSON.parse(line) as [string, Timed<unknown>]
      finished.set(key, outcome)
    }
  }
  return {
    finished,
    keep(key, outcome) {
      finished.set(key, outcome)
      if (folder === null || file === null) return
      mkdirSync(folder, { recursive: true })
      appendFileSync(file, `${JSON.stringify([key, outcome])}\n`)
    },
    remove() {
      if (file !== null) rmSync(file, { force: true })
    },
  }
}
