import { restart } from '../../../src/detectors/sequential/rise-evidence.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { createLossWatch, updateLossWatch } from '../../../src/steps/loss-watch.ts'
import { type OutcomeWorldName, outcomeWorld } from './outcome-worlds.ts'

/** Streams that never change, each watched with a reference of its own for as many panes as the budget counts. */
export interface WatchCell {
  readonly id: string
  readonly world: OutcomeWorldName
  readonly m: number
  readonly outcomesPerPane: number
  readonly panes: number
  readonly streams: number
  /** Promised a stream. */
  readonly falseAlarms: number
  readonly seed: string
}

export interface WatchTally {
  readonly streams: number
  /** Streams with an alarm: the promise that holds the chance of the reference, too. */
  readonly alarmed: number
  /** Alarms, with evidence gathered anew after each, and their squares summed over streams. */
  readonly alarms: number
  readonly squares: number
}

export function runWatchCell(cell: WatchCell): WatchTally {
  const { m, outcomesPerPane, panes, streams, falseAlarms, seed } = cell
  const random = createRandom(seed)
  const world = outcomeWorld(cell.world)
  let [alarmed, alarms, squares] = [0, 0, 0]
  for (let stream = 0; stream < streams; stream++) {
    const watch = createLossWatch(world(random, m), { falseAlarms, looks: panes })
    if (watch === null) throw new Error(`expected a watch of the ${cell.world} world`)
    let own = 0
    for (let pane = 0; pane < panes; pane++) {
      updateLossWatch(watch, world(random, outcomesPerPane))
      if (!watch.detector.drift) continue
      own++
      restart(watch.detector)
    }
    if (own > 0) alarmed++
    alarms += own
    squares += own * own
  }
  return { streams, alarmed, alarms, squares }
}
