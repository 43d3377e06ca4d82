import type { Competitor } from './competitors.ts'
import type { Episode } from './episodes.ts'

export interface Tuned {
  readonly strictness: number
  /** Outcomes between false alarms on the streams it was tuned on. */
  readonly falseAlarmEvery: number
}

const STEPS = 10

/**
 * The strictness whose mean time between false alarms comes nearest to `target`, by bisection on a
 * logarithmic scale. A detector whose rate jumps, or does not always fall, may end beside the target: what it
 * reached is returned.
 */
export function tune(competitor: Competitor, quiet: readonly Episode[], target: number): Tuned {
  let low = Math.log(competitor.from)
  let high = Math.log(competitor.to)
  let best: Tuned = { strictness: competitor.from, falseAlarmEvery: 0 }
  for (let step = 0; step < STEPS; step++) {
    const strictness = Math.exp((low + high) / 2)
    const falseAlarmEvery = timeBetweenAlarms(competitor, strictness, quiet)
    if (distance(falseAlarmEvery, target) < distance(best.falseAlarmEvery, target)) {
      best = { strictness, falseAlarmEvery }
    }
    if (falseAlarmEvery < target) low = Math.log(strictness)
    else high = Math.log(strictness)
  }
  return best
}

/** Outcomes watched over alarms; without an alarm, as if one came with twice as many outcomes. */
function timeBetweenAlarms(competitor: Competitor, strictness: number, episodes: readonly Episode[]): number {
  let outcomes = 0
  let alarms = 0
  for (const { reference, watched } of episodes) {
    const watch = competitor.create(strictness, reference)
    for (const error of watched) if (watch(error)) alarms++
    outcomes += watched.length
  }
  return outcomes / Math.max(0.5, alarms)
}

function distance(value: number, target: number): number {
  return Math.abs(Math.log(value / target))
}
