import type { Position } from '../log/port.ts'
import type { RunningProcess } from './start.ts'

/**
 * Waits until everything before `written` has had all its consequences: counted by the observer, judged by
 * the detector, acted on by the retrainer, and its outcome seen by the detector again. For whoever plays a
 * stream faster than its own time, and for tests.
 */
export async function settle(
  running: readonly RunningProcess[],
  written: readonly Position[],
): Promise<void> {
  const named = new Map(running.map((process) => [process.name, process]))
  let positions = written
  for (const name of ['observer', 'detector', 'retrainer', 'detector'] as const) {
    const process = named.get(name)
    if (process === undefined) continue
    await process.progress.settled(positions.filter(({ topic }) => process.reads.includes(topic)))
    positions = process.progress.written
  }
}
