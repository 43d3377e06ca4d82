import { type ReportLine, reportLine } from '../../report-line.ts'
import { markdownTable } from '../markdown-table.ts'
import type { Score } from './score.ts'
import type { Tuned } from './tune.ts'

/** How one detector did on all stories. */
export interface Standing {
  readonly name: string
  /** Must be beaten; the others are printed beside. */
  readonly isRival: boolean
  /** What is tuned, in words. */
  readonly dial: string
  /** Of each kind of quiet streams it was tuned on. */
  readonly tuned: readonly (Tuned & { readonly on: string })[]
  readonly scores: readonly StoryScore[]
  readonly cpuSeconds: number
}

export interface StoryScore extends Score {
  readonly story: string
  /** Counts in the means; the others are reported. */
  readonly isJudged: boolean
}

export const MISSED_MAX = 0.05

/** Figures with their goals: ours over each rival, and what ours misses. */
export function linesOf(
  id: string,
  ours: Standing,
  standings: readonly Standing[],
  unit: string,
): ReportLine[] {
  const nameOf = ({ name }: Standing): string => name.replaceAll(' ', '-')
  return [
    ...standings.map((standing) =>
      reportLine({
        id: `${id}-${nameOf(standing)}`,
        measure: 'mean delay',
        value: meanDelay(standing),
        unit,
        goal: null,
      }),
    ),
    ...standings
      .filter(({ isRival }) => isRival)
      .map((standing) =>
        reportLine({
          id: `${id}-over-${nameOf(standing)}`,
          measure: `mean delay over that of ${standing.name}`,
          value: meanDelay(ours) / meanDelay(standing),
          unit: 'ratio',
          goal: '< 1',
        }),
      ),
    reportLine({
      id: `${id}-missed`,
      measure: 'changes missed',
      value: missedShare(ours),
      unit: 'share',
      goal: `<= ${MISSED_MAX}`,
    }),
  ]
}

/** Mean over the judged stories, each of the same weight. */
export function meanDelay({ scores }: Standing): number {
  return mean(scores.filter(({ isJudged }) => isJudged).map(({ delay }) => delay))
}

export function missedShare({ scores }: Standing): number {
  return mean(scores.filter(({ isJudged }) => isJudged).map(({ missed }) => missed))
}

/** Steps before the changes over alarms in them; without an alarm, as if one came with twice as many. */
export function falseAlarmEvery(scores: readonly StoryScore[]): number {
  const steps = scores.reduce((sum, { quietSteps }) => sum + quietSteps, 0)
  const alarms = scores.reduce((sum, { falseAlarms }) => sum + falseAlarms, 0)
  return steps / Math.max(0.5, alarms)
}

/** The detectors, their tuning and means; then every story by detector. */
export function tableOf(standings: readonly Standing[]): string {
  const [first] = standings
  const detectors = markdownTable(
    ['detector', 'tuned', 'one false alarm in', 'where scored', 'mean delay', 'missed', 's of CPU'],
    standings.map((standing) => [
      standing.name,
      `${standing.dial}: ${standing.tuned.map(({ strictness }) => strictness.toPrecision(3)).join(', ')}`,
      standing.tuned.map((tuned) => Math.round(tuned.falseAlarmEvery)).join(', '),
      `${Math.round(falseAlarmEvery(standing.scores.filter(({ isJudged }) => isJudged)))}`,
      meanDelay(standing).toFixed(0),
      `${(100 * missedShare(standing)).toFixed(1)} %`,
      `${Math.round(standing.cpuSeconds)}`,
    ]),
  )
  const stories = markdownTable(
    ['delay ± standard error (missed)', ...standings.map(({ name }) => name)],
    first!.scores.map(({ story }) => [
      story,
      ...standings.map(({ scores }) => describe(scores.find((score) => score.story === story)!)),
    ]),
  )
  const alarms = markdownTable(
    ['one false alarm in, before the change', ...standings.map(({ name }) => name)],
    first!.scores.map(({ story }) => [
      story,
      ...standings.map(({ scores }) => seldom(scores.find((score) => score.story === story)!)),
    ]),
  )
  return `${detectors}\n${stories}\n${alarms}`
}

function describe({ delay, standardError, missed }: Score): string {
  const share = missed === 0 ? '' : ` (${Number((100 * missed).toFixed(1))} %)`
  return `${delay.toFixed(0)} ± ${standardError.toFixed(0)}${share}`
}

function seldom({ falseAlarms, quietSteps }: Score): string {
  return falseAlarms === 0 ? `none in ${quietSteps}` : `${Math.round(quietSteps / falseAlarms)}`
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
