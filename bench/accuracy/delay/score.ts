import type { Competitor } from './competitors.ts'
import type { Episode } from './episodes.ts'

/** How one detector did on one story. Delays in outcomes, a miss as the longest allowed. */
export interface Score {
  readonly delay: number
  /** Share of the plays without an alarm in time. */
  readonly missed: number
  /** Alarms before the change, and outcomes watched before it. */
  readonly falseAlarms: number
  readonly quietOutcomes: number
}

/** The first alarm after the change is the hit; what comes later is not counted. */
export function score(competitor: Competitor, strictness: number, episodes: readonly Episode[]): Score {
  let delays = 0
  let missed = 0
  let falseAlarms = 0
  let quietOutcomes = 0
  for (const { reference, watched, change } of episodes) {
    const watch = competitor.create(strictness, reference)
    quietOutcomes += change
    for (let i = 0; i < change; i++) if (watch(watched[i]!)) falseAlarms++
    let delay = 0
    let isFound = false
    while (!isFound && change + delay < watched.length) {
      isFound = watch(watched[change + delay]!)
      delay++
    }
    delays += delay
    if (!isFound) missed++
  }
  return {
    delay: delays / episodes.length,
    missed: missed / episodes.length,
    falseAlarms,
    quietOutcomes,
  }
}
