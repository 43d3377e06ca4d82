import { describe, expect, it } from 'vitest'
import type { DiagnosedConcern } from '../../../src/detectors/diagnosis.ts'
import {
  advanceEpisodes,
  type EpisodeEvaluation,
  type EpisodeState,
  initialEpisodes,
  openEpisodes,
  resolveEpisodes,
} from '../../../src/detectors/episodes.ts'
import type { Diagnosis } from '../../../src/events/drift-event.ts'
import type { Finding, Verdict } from '../../../src/events/finding.ts'
import { findingLike } from '../../support/counted-samples.ts'

const HOUR = 3_600_000
const moved = (verdict: Verdict): Finding =>
  findingLike({ verdict, pValue: verdict === 'drifted' ? 1e-20 : 0.5 })
const auc = (verdict: Verdict): Finding =>
  findingLike({
    detector: 'performance',
    subject: 'auc',
    statistic: 'auc',
    verdict,
    pValue: verdict === 'drifted' ? 1e-20 : 0.5,
  })
const watch: DiagnosedConcern = {
  concern: 'data',
  diagnosis: 'watch',
  findings: [moved('drifted')],
  summary: 'distance has moved',
}
const fall = (diagnosis: Diagnosis): DiagnosedConcern => ({
  concern: 'performance',
  diagnosis,
  findings: [auc('drifted')],
  summary: 'auc fell',
})

function evaluation(pane: number, concerns: DiagnosedConcern[], findings: Finding[]): EpisodeEvaluation {
  const at = pane * HOUR
  return {
    at,
    concerns,
    findings,
    windows: { data: { fromMs: at - HOUR, toMs: at }, performance: { fromMs: at - 24 * HOUR, toMs: at } },
    changedAt: ({ concern }) => at - (concern === 'data' ? 2 : 12) * HOUR,
  }
}

/** Runs the evaluations and tells every change as `pane: state concern diagnosis`. */
function story(evaluations: EpisodeEvaluation[]): { told: string[]; state: EpisodeState } {
  let state = initialEpisodes('flights', '1')
  const told: string[] = []
  for (const one of evaluations) {
    const step = advanceEpisodes(state, one)
    state = step.state
    for (const { state: change, episode } of step.changes) {
      told.push(`${one.at / HOUR}: ${change} ${episode.concern} ${episode.diagnosis}`)
    }
  }
  return { told, state }
}

const shown = (pane: number) => evaluation(pane, [watch], [moved('drifted')])
const healthy = (pane: number) => evaluation(pane, [], [moved('stable')])
const undecided = (pane: number) => evaluation(pane, [], [moved('undecided')])
const blind = (pane: number) => evaluation(pane, [], [])

describe('advanceEpisodes', () => {
  it('starts one episode, keeps it quietly, and ends it after two healthy panes', () => {
    expect(
      story([healthy(1), shown(2), shown(3), shown(4), healthy(5), healthy(6), healthy(7)]).told,
    ).toEqual(['2: started data watch', '6: resolved data watch'])
  })

  it('starts again after an end, under another id', () => {
    const first = advanceEpisodes(initialEpisodes('flights', '1'), shown(2))
    const later = advanceEpisodes(initialEpisodes('flights', '1'), shown(9))
    expect(first.changes[0]!.episode.id).not.toBe(later.changes[0]!.episode.id)
    expect(story([shown(1), healthy(2), healthy(3), shown(4)]).told).toEqual([
      '1: started data watch',
      '3: resolved data watch',
      '4: started data watch',
    ])
  })

  it('wants healthy panes in a row', () => {
    expect(story([shown(1), healthy(2), shown(3), healthy(4), shown(5)]).told).toEqual([
      '1: started data watch',
    ])
  })

  it.each([
    ['undecided', undecided],
    ['not judged at all', blind],
  ])('takes panes that are %s neither as health nor as drift', (_, pane) => {
    expect(story([shown(1), pane(2), pane(3), pane(4), pane(5)]).told).toEqual(['1: started data watch'])
    expect(story([shown(1), healthy(2), pane(3), healthy(4)]).told).toEqual([
      '1: started data watch',
      '4: resolved data watch',
    ])
  })

  it('takes a small pane for healthy when it excludes half of what was shown', () => {
    const missing = (verdict: Verdict, effectLower: number, effectUpper: number) =>
      findingLike({ detector: 'data-quality', statistic: 'missing-rate', verdict, effectLower, effectUpper })
    const broken = missing('drifted', 0.9, 1)
    // 0 of 60 values: a rise of 8 % cannot be excluded, one of 45 % can.
    const mended = { ...missing('undecided', -0.01, 0.08), pValue: 1 }
    const vague = { ...missing('undecided', -0.01, 0.6), pValue: 1 }
    const begun = evaluation(1, [{ ...watch, diagnosis: 'fix-data', findings: [broken] }], [broken])
    const then = (finding: Finding) => [2, 3, 4].map((pane) => evaluation(pane, [], [finding]))
    expect(story([begun, ...then(mended)]).told).toEqual([
      '1: started data fix-data',
      '3: resolved data fix-data',
    ])
    expect(story([begun, ...then(vague)]).told).toEqual(['1: started data fix-data'])
  })

  it('does not take the health of one thing for that of another', () => {
    const other = (pane: number) =>
      evaluation(pane, [], [findingLike({ subject: 'hour', verdict: 'stable' })])
    expect(story([shown(1), other(2), other(3), other(4)]).told).toEqual(['1: started data watch'])
  })

  it('ends an episode about a unit although that finding is there only while it holds', () => {
    const unit = findingLike({ detector: 'data-quality', statistic: 'unit-factor' })
    const missing = findingLike({ detector: 'data-quality', statistic: 'missing-rate', verdict: 'stable' })
    const broken: DiagnosedConcern = { ...watch, diagnosis: 'fix-data', findings: [unit] }
    expect(
      story([
        evaluation(1, [broken], [unit, missing]),
        evaluation(2, [], [missing]),
        evaluation(3, [], [missing]),
      ]).told,
    ).toEqual(['1: started data fix-data', '3: resolved data fix-data'])
  })

  it('does not count two looks at one pane as two', () => {
    expect(story([shown(1), healthy(2), healthy(2), healthy(2)]).told).toEqual(['1: started data watch'])
  })

  it('reports a new diagnosis under the same id, dated anew: what to learn from begins elsewhere', () => {
    const panes = [
      evaluation(1, [fall('retrain')], [auc('drifted')]),
      evaluation(2, [fall('retrain')], [auc('drifted')]),
      evaluation(3, [fall('fix-data')], [auc('drifted')]),
      evaluation(4, [fall('retrain')], [auc('drifted')]),
    ]
    const { told, state } = story(panes)
    expect(told).toEqual([
      '1: started performance retrain',
      '3: ongoing performance fix-data',
      '4: ongoing performance retrain',
    ])
    expect(state.performance).toMatchObject({ detectedAt: HOUR, startedAt: -23 * HOUR, changedAt: -8 * HOUR })
    const first = story(panes.slice(0, 2)).state.performance
    expect(first).toMatchObject({ id: state.performance!.id, changedAt: -11 * HOUR })
  })

  it('keeps one episode a concern, apart from each other', () => {
    const both = evaluation(1, [watch, fall('retrain')], [moved('drifted'), auc('drifted')])
    const { told, state } = story([both, healthy(2), healthy(3)])
    expect(told).toEqual([
      '1: started data watch',
      '1: started performance retrain',
      '3: resolved data watch',
    ])
    expect(openEpisodes(state).map((episode) => episode.concern)).toEqual(['performance'])
  })

  it('dates the episode by its first evaluation and shows the newest evidence', () => {
    const stronger: DiagnosedConcern = {
      ...watch,
      findings: [moved('drifted')],
      summary: 'distance moved on',
    }
    const { state } = story([shown(10), evaluation(11, [stronger], [moved('drifted')])])
    expect(state.data).toMatchObject({
      startedAt: 9 * HOUR,
      changedAt: 8 * HOUR,
      detectedAt: 10 * HOUR,
      window: { fromMs: 10 * HOUR, toMs: 11 * HOUR },
      summary: 'distance moved on',
    })
  })

  it('keeps twenty findings however many features moved', () => {
    const many = Array.from({ length: 50 }, (_, i) => findingLike({ subject: `f${i}` }))
    const { state } = story([evaluation(1, [{ ...watch, findings: many }], many)])
    expect(state.data!.findings).toEqual(many.slice(0, 20))
  })

  it('gives the same state and ids in a replay, also from a stored state', () => {
    const panes = [shown(1), shown(2), healthy(3)]
    const whole = story(panes).state
    const stored = JSON.parse(JSON.stringify(story(panes.slice(0, 2)).state)) as EpisodeState
    expect(advanceEpisodes(stored, panes[2]!).state).toEqual(whole)
    expect(whole.data!.id).toMatch(/^[0-9a-f]{16}$/)
  })

  it('counts disjoint windows as long as the shortest that showed it, and holds the longer ones no longer against it', () => {
    const inWindow = (pane: number, panes: number, verdict: Verdict): Finding => ({
      ...moved(verdict),
      window: { fromMs: (pane - panes) * HOUR, toMs: pane * HOUR },
    })
    const byLong = (pane: number, short: Verdict) =>
      evaluation(
        pane,
        [{ ...watch, findings: [inWindow(pane, 8, 'drifted')] }],
        [inWindow(pane, 3, short), inWindow(pane, 8, 'drifted')],
      )
    const first = { ...watch, findings: [inWindow(1, 3, 'drifted')] }
    const panes = [
      evaluation(1, [first], first.findings as Finding[]),
      ...[2, 3, 4, 5].map((pane) => byLong(pane, 'stable')),
    ]
    const { told, state } = story(panes)
    // Healthy at 2, and again three panes later, when the windows have no pane in common.
    expect(told).toEqual(['1: started data watch', '5: resolved data watch'])
    expect(state.over).toEqual({ data: -1 * HOUR, performance: null })
  })

  it('is not over while p-values are small, and is when what is left surely matters to nobody', () => {
    const left = (pane: number, parts: Partial<Finding>) =>
      evaluation(pane, [], [findingLike({ verdict: 'stable', pValue: 0.05, ...parts })])
    const small = { effectLower: 0.01, effectUpper: 0.05, pValue: 1e-9 }
    expect(story([shown(1), left(2, {}), left(3, {}), left(4, {})]).told).toEqual(['1: started data watch'])
    expect(story([shown(1), left(2, small), left(3, small)]).told).toEqual([
      '1: started data watch',
      '3: resolved data watch',
    ])
  })

  it('leaves the state it was given alone', () => {
    const state = Object.freeze(initialEpisodes('flights', '1'))
    const step = advanceEpisodes(state, shown(1))
    expect(state.data).toBeNull()
    expect(step.state).toMatchObject({ model: 'flights', version: '1' })
  })
})

describe('resolveEpisodes', () => {
  it('ends what is open when the version no longer serves', () => {
    const { state } = story([evaluation(1, [watch, fall('retrain')], [moved('drifted'), auc('drifted')])])
    const step = resolveEpisodes(state)
    expect(step.changes.map(({ state: change, episode }) => `${change} ${episode.concern}`)).toEqual([
      'resolved data',
      'resolved performance',
    ])
    expect(openEpisodes(step.state)).toEqual([])
    expect(resolveEpisodes(step.state).changes).toEqual([])
  })
})
