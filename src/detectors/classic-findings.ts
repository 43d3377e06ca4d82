import type { Finding } from '../events/finding.ts'
import type { Alarm } from './classics/alarm.ts'
import { feedPane } from './classics/feed-pane.ts'
import { CLASSICS, type RunningClassic, startClassic, updateClassic } from './classics/index.ts'
import {
  type LossesOfPane,
  PANE_CHARTS,
  type PaneChart,
  type ReferenceLosses,
  startPaneChart,
  updatePaneChart,
} from './classics/pane-charts.ts'
import { type ChosenMode, chosenMode, isClassic, isPaneChart, type ModeChoice } from './expert-modes.ts'
import { findingOf } from './finding-of.ts'
import type { RunLengthBudget } from './sequential/run-length-budget.ts'
import { decimal, percent } from './wording.ts'

/** One expert mode on the outcomes of a version, value by value or pane by pane: plain data. */
export type WatchingClassic = (
  | { readonly running: RunningClassic }
  | {
      readonly chart: PaneChart
    }
) & {
  /** What it said of the last pane. */
  last: Alarm
}

/** What outcomes are to the modes: rights and wrongs, or losses from 0 to 1. */
export type LossKind = 'outcomes' | 'losses'

/**
 * @param seed of the chance that one of them draws; the same for the same stream
 * @param charted what charts of panes are held against, and how often they may alarm; null: there are none
 */
export function createClassics(
  modes: readonly ModeChoice[],
  seed: string,
  charted: { readonly reference: ReferenceLosses; readonly budget: RunLengthBudget } | null = null,
): WatchingClassic[] {
  return modes.map(chosenMode).flatMap((mode) => {
    const started = start(mode, seed, charted)
    return started === null ? [] : [started]
  })
}

function start(
  { name, options }: ChosenMode,
  seed: string,
  charted: Parameters<typeof createClassics>[2],
): WatchingClassic | null {
  const last: Alarm = { warning: false, drift: false }
  if (isClassic(name)) return { running: startClassic(name, options, `${seed}\n${name}`), last }
  if (!isPaneChart(name) || charted == null) return null
  return { chart: startPaneChart(name, options, charted.reference, charted.budget), last }
}

/**
 * Gives every one the outcomes of a pane: their losses, n of them, summed. Value by value they are spread
 * evenly: a pane knows how many were wrong, not in which order, and of losses only their mean.
 */
export function advanceClassics(
  classics: readonly WatchingClassic[],
  { sum, n }: LossesOfPane,
  kind: LossKind = 'outcomes',
): void {
  for (const classic of classics) {
    classic.last =
      'running' in classic
        ? feedPane((value) => updateClassic(classic.running, value), kind, sum, n)
        : said(updatePaneChart(classic.chart, { sum, n }))
  }
}

/** Charts go on changing what they say. */
function said({ warning, drift }: Alarm): Alarm {
  return { warning, drift }
}

/**
 * What the expert modes said of the last pane, one finding each: `drifted` where one alarmed. Every message
 * ends with the mode's own honest line; no budget bounds them, so a diagnosis never rests on them alone.
 */
export function classicFindings(
  classics: readonly WatchingClassic[],
  { sum, n }: LossesOfPane,
  kind: LossKind = 'outcomes',
): Finding[] {
  const seen =
    kind === 'outcomes'
      ? `${percent(sum / n)} wrong of ${n} predictions`
      : `a clipped error of ${decimal(sum / n)} on ${n} predictions`
  return classics.map((classic) => {
    const { last } = classic
    const name = 'running' in classic ? classic.running.name : classic.chart.name
    const { label } = 'running' in classic ? CLASSICS[classic.running.name] : PANE_CHARTS[classic.chart.name]
    const words = last.drift ? 'alarms' : last.warning ? 'warns' : 'is quiet'
    return findingOf({
      detector: 'classic',
      subject: kind === 'outcomes' ? 'error-rate' : 'clipped-error',
      statistic: name,
      verdict: n === 0 ? 'undecided' : last.drift ? 'drifted' : last.warning ? 'warning' : 'stable',
      value: sum / n,
      n,
      m: 0,
      message: `${name} ${words} at ${seen} (expert mode, ${label})`,
    })
  })
}
