import type { Finding } from '../events/finding.ts'
import type { Alarm } from './classics/alarm.ts'
import { feedPane } from './classics/feed-pane.ts'
import {
  CLASSICS,
  type ClassicName,
  type RunningClassic,
  startClassic,
  updateClassic,
} from './classics/index.ts'
import { findingOf } from './finding-of.ts'
import { percent } from './wording.ts'

/** One expert mode on the outcomes of a version: plain data. */
export interface WatchingClassic {
  readonly running: RunningClassic
  /** What it said of the last pane. */
  last: Alarm
}

/** @param seed of the chance that one of them draws; the same for the same stream */
export function createClassics(names: readonly ClassicName[], seed: string): WatchingClassic[] {
  return names.map((name) => ({
    running: startClassic(name, {}, `${seed}\n${name}`),
    last: { warning: false, drift: false },
  }))
}

/** Gives every one the outcomes of a pane, spread evenly: a pane knows how many were wrong, not in which order. */
export function advanceClassics(classics: readonly WatchingClassic[], errors: number, n: number): void {
  for (const classic of classics) {
    classic.last = feedPane((value) => updateClassic(classic.running, value), 'outcomes', errors, n)
  }
}

/**
 * What the expert modes said of the last pane, one finding each: `drifted` where one alarmed. Every message
 * ends with the mode's own honest line; no budget bounds them, so a diagnosis never rests on them alone.
 */
export function classicFindings(classics: readonly WatchingClassic[], errors: number, n: number): Finding[] {
  return classics.map(({ running: { name }, last }) => {
    const said = last.drift ? 'alarms' : last.warning ? 'warns' : 'is quiet'
    return findingOf({
      detector: 'classic',
      subject: 'error-rate',
      statistic: name,
      verdict: n === 0 ? 'undecided' : last.drift ? 'drifted' : last.warning ? 'warning' : 'stable',
      value: errors / n,
      n,
      m: 0,
      message: `${name} ${said} at ${percent(errors / n)} wrong of ${n} predictions (expert mode, ${CLASSICS[name].label})`,
    })
  })
}
