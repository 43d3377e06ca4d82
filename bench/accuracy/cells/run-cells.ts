import { Worker } from 'node:worker_threads'
import type { CheckSettings } from '../check.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { type Timed, timed } from './timed.ts'

/** Names a cell, its seed and all else that its outcome depends on. */
export interface Cell {
  readonly id: string
}

/** Outcomes of all cells, in their order; see `runSomeCells`. */
export async function runCells<Outcome>(
  runner: string,
  cells: readonly Cell[],
  settings: CheckSettings,
): Promise<Timed<Outcome>[]> {
  const outcomes = await runSomeCells<Outcome>(runner, cells, { ...settings, minutes: null })
  return outcomes as Timed<Outcome>[]
}

/**
 * Outcomes of cells, in their order, null for those that were not begun in time: in this thread, or on worker
 * threads that take the next cell as soon as they are free. What an earlier run of the same code has finished
 * is read from its checkpoint and not run again.
 * @param runner a name of `CELL_RUNNERS`
 */
export async function runSomeCells<Outcome>(
  runner: string,
  cells: readonly Cell[],
  { workers, minutes, checkpoints, say }: CheckSettings,
): Promise<(Timed<Outcome> | null)[]> {
  const checkpoint = openCheckpoint(checkpoints, runner)
  const open = cells.filter((cell) => !checkpoint.finished.has(keyOf(cell)))
  if (open.length < cells.length) {
    say(`${runner}: ${cells.length - open.length} of ${cells.length} parts are there`)
  }
  const until = performance.now() + 60_000 * (minutes ?? Number.POSITIVE_INFINITY)
  const queue = open[Symbol.iterator]()
  const next = (): Cell | null => {
    if (performance.now() >= until) return null
    const { value, done } = queue.next()
    return done === true ? null : value
  }
  if (workers > 1) await onThreads(runner, next, Math.min(workers, open.length), checkpoint)
  else for (let cell = next(); cell !== null; cell = next()) checkpoint.keep(keyOf(cell), timed(runner, cell))
  const outcomes = cells.map((cell) => (checkpoint.finished.get(keyOf(cell)) as Timed<Outcome>) ?? null)
  if (outcomes.every((outcome) => outcome !== null)) checkpoint.remove()
  return outcomes
}

function keyOf(cell: Cell): string {
  return JSON.stringify(cell)
}

async function onThreads(
  runner: string,
  next: () => Cell | null,
  workers: number,
  checkpoint: Checkpoint,
): Promise<void> {
  let failed = false
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./cell-worker.ts', import.meta.url), { workerData: { runner } })
    try {
      for (let cell = next(); cell !== null && !failed; cell = next()) {
        checkpoint.keep(keyOf(cell), await answerOf(worker, cell))
      }
    } catch (error) {
      // No other thread need go on.
      failed = true
      throw error
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
}

function answerOf(worker: Worker, cell: Cell): Promise<Timed<unknown>> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (answer: Timed<unknown>) => {
      worker.off('error', reject)
      resolve(answer)
    })
    worker.postMessage(cell)
  })
}
