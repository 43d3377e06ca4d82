import type { Watched } from './watching.ts'

/** How one detector did on one story. Delays in steps, a miss as the longest allowed. */
export interface Score {
  readonly plays: number
  readonly delay: number
  /** Of the mean delay. */
  readonly standardError: number
  /** Share of the plays without an alarm in time. */
  readonly missed: number
  /** Alarms before the change, and steps watched before it. */
  readonly falseAlarms: number
  readonly quietSteps: number
}

/** The first alarm after the change is the hit; what comes later is not counted. */
export function score(strictness: number, plays: readonly Watched[]): Score {
  const delays: number[] = []
  let missed = 0
  let falseAlarms = 0
  let quietSteps = 0
  for (const watch of plays) {
    const { steps, change, next } = watch(strictness)
    quietSteps += change
    for (let step = 0; step < change; step++) if (next()) falseAlarms++
    let delay = 0
    let isFound = false
    while (!isFound && change + delay < steps) {
      isFound = next()
      delay++
    }
    delays.push(delay)
    if (!isFound) missed++
  }
  const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
  const squares = delays.reduce((sum, delay) => sum + (delay - mean) ** 2, 0)
  return {
    plays: delays.length,
    delay: mean,
    standardError: Math.sqrt(squares / Math.max(1, delays.length - 1) / delays.length),
    missed: missed / delays.length,
    falseAlarms,
    quietSteps,
  }
}
