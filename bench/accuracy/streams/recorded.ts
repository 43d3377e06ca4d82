import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Row } from './row.ts'

/** A labelled stream that was recorded or drawn elsewhere, and where its label rule changes. */
interface RecordedStream {
  readonly file: string
  /** The label's value that is class 1. */
  readonly positive: string
  /** Rows at which the concept changes; empty where nobody knows. */
  readonly drifts: readonly number[]
}

export const RECORDED = {
  // Street and Kim's concepts as vlosing/driftDatasets has them.
  sea: { file: 'sea.csv.gz', positive: '1', drifts: [12_500, 25_000, 37_500] },
  // alipsgh/tornado, seed 101.
  sine1: { file: 'sine1.csv.gz', positive: 'p', drifts: [20_000, 40_000, 60_000, 80_000] },
  // New South Wales electricity, autocorrelated and seasonal.
  elec2: { file: 'elec2.csv.gz', positive: '1', drifts: [] },
} as const satisfies Record<string, RecordedStream>

export type RecordedName = keyof typeof RECORDED

/**
 * The rows of a recorded stream in their order, the last column as the class; null where the folder has no
 * such file, which the caller must say aloud.
 * @param folder from `--data` or DRIFTSTREAM_STREAMS; null where neither was given
 */
export function readRecorded(name: RecordedName, folder: string | null): Row[] | null {
  const { file, positive } = RECORDED[name]
  if (folder === null || !existsSync(join(folder, file))) return null
  const [, ...lines] = gunzipSync(readFileSync(join(folder, file)))
    .toString('utf8')
    .trimEnd()
    .split('\n')
  return lines.map((line) => {
    const cells = line.trimEnd().split(',')
    const label = cells.pop()
    return { x: Float64Array.from(cells, Number), y: label === positive ? 1 : 0 }
  })
}
