import type { Watched } from './watching.ts'

/** Bounds of a detector's number, on a logarithmic scale; more of it is fewer false alarms. */
export interface Dial {
  readonly from: number
  readonly to: number
  /** The nearest number that makes a difference; without it, every number does. */
  readonly settle?: (strictness: number) => number
}

export interface Tuned {
  readonly strictness: number
  /** Steps between false alarms on the streams it was tuned on, and how many alarms that rests on. */
  readonly falseAlarmEvery: number
  readonly falseAlarms: number
}

const STEPS = 8

/** So many times the alarms that are asked for, and a setting is known to be too loose. */
const TOO_LOOSE = 4

/** Fewer alarms are chance. */
const ALARMS_MIN = 20

/**
 * The strictness whose mean time between false alarms comes nearest to `target`, by bisection on a
 * logarithmic scale. A detector whose rate jumps, or does not always fall, may end beside the target: what it
 * reached is returned.
 * @param quiet streams in which nothing changes
 */
export function tune(
  { from, to, settle = (strictness) => strictness }: Dial,
  quiet: readonly Watched[],
  target: number,
): Tuned {
  let low = Math.log(from)
  let high = Math.log(to)
  let best: Tuned = { strictness: from, falseAlarmEvery: 0, falseAlarms: Number.POSITIVE_INFINITY }
  const tried = new Map<number, Tuned>()
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2
    const strictness = settle(Math.exp(middle))
    const reached = tried.get(strictness) ?? { strictness, ...falseAlarms(strictness, quiet, target) }
    tried.set(strictness, reached)
    if (distance(reached.falseAlarmEvery, target) < distance(best.falseAlarmEvery, target)) best = reached
    if (reached.falseAlarmEvery < target) low = middle
    else high = middle
  }
  return best
}

/**
 * Steps watched over alarms; without an alarm, as if one came with twice as many steps. Where there are far
 * too many, the rest is not watched.
 */
function falseAlarms(
  strictness: number,
  quiet: readonly Watched[],
  target: number,
): Pick<Tuned, 'falseAlarmEvery' | 'falseAlarms'> {
  let watched = 0
  let alarms = 0
  for (const watch of quiet) {
    const { steps, next } = watch(strictness)
    for (let step = 0; step < steps; step++) if (next()) alarms++
    watched += steps
    if (alarms > ALARMS_MIN && alarms > (TOO_LOOSE * watched) / target) break
  }
  return { falseAlarmEvery: watched / Math.max(0.5, alarms), falseAlarms: alarms }
}

function distance(value: number, target: number): number {
  return Math.abs(Math.log(value / target))
}
