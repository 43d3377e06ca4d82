import type { Alarm } from './alarm.ts'

/**
 * Gives a detector, by the way it takes a value, the outcomes of a pane: `errors` of `n`, or a sum of losses in [0, 1] of n outcomes.
 *
 * A pane knows how many were wrong and not in which order, so errors are spread evenly (the i-th outcome is
 * wrong where the rounded sum of errors steps up), and losses are all their mean. Even spacing has less
 * spread than chance: EDDM, which measures spacing, sees other spacings than it would one by one; counts
 * and means are right to one outcome. Says whether any of the outcomes warned or alarmed; after an alarm
 * the rest of the pane goes into the fresh start. A pane without outcomes says nothing.
 */
export function feedPane(
  update: (value: number) => Alarm,
  kind: 'outcomes' | 'losses',
  errors: number,
  n: number,
): Alarm {
  let warning = false
  let drift = false
  for (let index = 0; index < n; index++) {
    const alarm = update(kind === 'outcomes' ? stepAt(index, errors, n) : errors / n)
    warning ||= alarm.warning
    drift ||= alarm.drift
  }
  return { warning: warning && !drift, drift }
}

/** 1 where the evenly growing sum of errors passes a whole number and a half, else 0. */
function stepAt(index: number, errors: number, n: number): number {
  const before = Math.floor((index * errors) / n + 0.5)
  return Math.floor(((index + 1) * errors) / n + 0.5) - before
}
