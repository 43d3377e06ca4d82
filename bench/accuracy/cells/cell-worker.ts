import { parentPort, workerData } from 'node:worker_threads'
import { timed } from './timed.ts'

/** The thread's side of `runCells`: answers every cell with what it came to. */
const { runner } = workerData as { readonly runner: string }
parentPort!.on('message', (cell: unknown) => parentPort!.postMessage(timed(runner, cell)))
