import { Worker } from 'node:worker_threads'
import type { CheckSettings } from '../check.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { type Timed, timed } from './timed.ts'

/** Names a cell, its seed and all else that its outcome depends on. */
export interface Cell {
  readonly id: string
}

/**
 * Outcomes of all cells, in their order: in this thread, or on worker threads that take the next cell as
 * soon as they are free. What an interrupted run has finished is read from its checkpoint and not run again.
 * @param runner a name of `CELL_RUNNERS`
 */
export async function runCells<Outcome>(
  runner: string,
  cells: readonly Cell[],
  { workers, checkpoints, say }: CheckSettings,
): Promise<Timed<Outcome>[]> {
  const checkpoint = openCheckpoint(checkpoints, runner)
  const open = cells.filter((cell) => !checkpoint.finished.has(keyOf(cell)))
  if (open.length < cells.length)
    say(`${runner}: ${cells.length - open.length} of ${cells.length} parts are there`)
  if (workers <= 1) for (const cell of open) checkpoint.keep(keyOf(cell), timed(runner, cell))
  else await onThreads(runner, open, workers, checkpoint)
  const outcomes = cells.map((cell) => checkpoint.finished.get(keyOf(cell)) as Timed<Outcome>)
  checkpoint.remove()
  return outcomes
}

function keyOf(cell: Cell): string {
  return JSON.stringify(cell)
}

async function onThreads(
  runner: string,
  cells: readonly Cell[],
  workers: number,
  checkpoint: Checkpoint,
): Promise<void> {
  let next = 0
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./cell-worker.ts', import.meta.url), { workerData: { runner } })
    try {
      while (next < cells.length) {
        const cell = cells[next++]!
        checkpoint.keep(keyOf(cell), await answerOf(worker, cell))
      }
    } catch (error) {
      // No other thread need go on.
      next = cells.length
      throw error
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, cells.length) }, work))
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
