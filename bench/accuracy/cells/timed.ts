import { CELL_RUNNERS } from './cell-runners.ts'

export interface Timed<Outcome> {
  readonly outcome: Outcome
  /** Of this thread alone: what others do on the machine does not count. */
  readonly cpuSeconds: number
}

/** Runs one cell and says what it cost. */
export function timed<Outcome>(runner: string, cell: unknown): Timed<Outcome> {
  const run = CELL_RUNNERS.get(runner)
  if (run === undefined)
    throw new Error(`expected one of ${[...CELL_RUNNERS.keys()].join(', ')}, got ${runner}`)
  const before = process.threadCpuUsage()
  const outcome = run(cell as never) as Outcome
  const { user, system } = process.threadCpuUsage(before)
  return { outcome, cpuSeconds: (user + system) / 1e6 }
}
