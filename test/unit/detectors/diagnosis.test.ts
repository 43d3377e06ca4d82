import { describe, expect, it } from 'vitest'
import { diagnose, type Findings } from '../../../src/detectors/diagnosis.ts'
import type { Finding, Verdict } from '../../../src/events/finding.ts'
import { findingLike } from '../../support/counted-samples.ts'

const data = (verdict: Verdict): Finding => findingLike({ verdict, message: 'distance has moved' })
const quality = (verdict: Verdict): Finding =>
  findingLike({ detector: 'data-quality', statistic: 'missing-rate', verdict, message: 'origin is missing' })
const metric = (statistic: string, verdict: Verdict): Finding =>
  findingLike({
    detector: 'performance',
    subject: statistic,
    statistic,
    verdict,
    message: `${statistic} fell`,
  })
const label = (verdict: Verdict): Finding =>
  findingLike({
    detector: 'label-drift',
    subject: 'label',
    statistic: 'positive-rate',
    verdict,
    message: 'labels moved',
  })
const NONE: Findings = {
  dataFindings: [],
  qualityFindings: [],
  performanceFindings: [],
  estimateFindings: [],
  isLabelled: true,
  labelFindings: [],
  classicDataFindings: [],
  classicOutcomeFindings: [],
  brokenDataShare: 0,
  brokenPanesShare: 0,
}
const conclusions = (findings: Partial<Findings>): string[] =>
  diagnose({ ...NONE, ...findings }).map(({ concern, diagnosis }) => `${concern}: ${diagnosis}`)

const estimate = findingLike({
  detector: 'estimated-performance',
  subject: 'accuracy',
  statistic: 'accuracy',
  message: 'accuracy is likely less',
})
const coverage = findingLike({ detector: 'label-coverage', subject: 'label', statistic: 'coverage' })
const classic = findingLike({ detector: 'classic', statistic: 'ddm' })
const stableAuc = metric('auc', 'stable')
const lossFell = metric('log-loss', 'drifted')

describe('diagnose', () => {
  const rules: [name: string, findings: Partial<Findings>, expected: string[]][] = [
    ['nothing was judged', {}, []],
    [
      'nothing drifted',
      {
        dataFindings: [data('stable'), data('warning')],
        qualityFindings: [quality('undecided'), quality('warning')],
        performanceFindings: [metric('auc', 'warning'), metric('precision', 'warning')],
        labelFindings: [label('drifted')],
        brokenDataShare: 1,
        brokenPanesShare: 1,
      },
      [],
    ],
    ['the pipe is broken', { qualityFindings: [quality('drifted')] }, ['data: fix-data']],
    [
      'the pipe is broken and distributions moved',
      { qualityFindings: [quality('drifted')], dataFindings: [data('drifted')] },
      ['data: fix-data'],
    ],
    ['distributions moved alone', { dataFindings: [data('drifted')] }, ['data: watch']],
    [
      'distributions moved over panes that were broken',
      { dataFindings: [data('drifted')], brokenDataShare: 0.06 },
      ['data: fix-data'],
    ],
    [
      'distributions moved over hardly any broken panes',
      { dataFindings: [data('drifted')], brokenDataShare: 0.05, brokenPanesShare: 1 },
      ['data: watch'],
    ],
    [
      'scores let expect less, and labels have not come yet',
      { estimateFindings: [estimate] },
      ['data: watch'],
    ],
    [
      'scores let expect less of a model whose labels never come',
      { estimateFindings: [estimate], isLabelled: false },
      ['data: watch', 'performance: retrain'],
    ],
    [
      'scores let expect less of it while the pipe is broken',
      { estimateFindings: [estimate], isLabelled: false, qualityFindings: [quality('drifted')] },
      ['data: fix-data', 'performance: fix-data'],
    ],
    [
      'performance fell in labels that reach fewer predictions',
      { performanceFindings: [metric('auc', 'drifted')], labelFindings: [coverage] },
      ['performance: check-labels'],
    ],
    [
      'performance fell in labels that take another time',
      {
        performanceFindings: [metric('auc', 'drifted')],
        labelFindings: [{ ...coverage, detector: 'label-delay' }],
      },
      ['performance: check-labels'],
    ],
    [
      'labels take another time, or stay away, and nothing fell yet',
      { performanceFindings: [stableAuc], labelFindings: [{ ...coverage, detector: 'label-delay' }] },
      ['performance: check-labels'],
    ],
    [
      'labels stay away and nothing fell yet',
      { performanceFindings: [stableAuc], labelFindings: [coverage] },
      ['performance: check-labels'],
    ],
    [
      'fixed thresholds and detectors of the field alarm alone',
      { classicDataFindings: [classic], classicOutcomeFindings: [classic] },
      ['data: watch', 'performance: watch'],
    ],
    [
      'the error rate rose with the label rate, the ranking held',
      {
        performanceFindings: [stableAuc, metric('e-detector', 'drifted')],
        labelFindings: [label('drifted')],
      },
      ['performance: check-labels'],
    ],
    ['performance fell', { performanceFindings: [metric('auc', 'drifted')] }, ['performance: retrain']],
    [
      'performance fell and distributions moved',
      { performanceFindings: [lossFell], dataFindings: [data('drifted')] },
      ['data: watch', 'performance: retrain'],
    ],
    [
      'performance fell while the pipe is broken',
      { performanceFindings: [metric('auc', 'drifted')], qualityFindings: [quality('drifted')] },
      ['data: fix-data', 'performance: fix-data'],
    ],
    [
      'performance fell over panes that were broken',
      { performanceFindings: [metric('auc', 'drifted')], brokenPanesShare: 0.06 },
      ['performance: fix-data'],
    ],
    [
      'performance fell over hardly any broken panes',
      { performanceFindings: [metric('auc', 'drifted')], brokenPanesShare: 0.05 },
      ['performance: retrain'],
    ],
    [
      'losses and accuracy fell with the label rate, the ranking held',
      {
        performanceFindings: [stableAuc, lossFell, metric('accuracy', 'drifted'), metric('brier', 'drifted')],
        labelFindings: [label('drifted')],
      },
      ['performance: check-labels'],
    ],
    [
      'losses fell, the label rate held',
      { performanceFindings: [stableAuc, lossFell], labelFindings: [label('stable')] },
      ['performance: retrain'],
    ],
    [
      'losses fell with the label rate, the ranking warns',
      { performanceFindings: [metric('auc', 'warning'), lossFell], labelFindings: [label('drifted')] },
      ['performance: retrain'],
    ],
    [
      'losses fell with the label rate, the ranking is undecided',
      { performanceFindings: [metric('auc', 'undecided'), lossFell], labelFindings: [label('drifted')] },
      ['performance: retrain'],
    ],
    [
      'losses fell with the label rate, without scores to rank by',
      { performanceFindings: [metric('accuracy', 'drifted')], labelFindings: [label('drifted')] },
      ['performance: retrain'],
    ],
    [
      'everything fell with the label rate',
      { performanceFindings: [metric('auc', 'drifted'), lossFell], labelFindings: [label('drifted')] },
      ['performance: retrain'],
    ],
    [
      'losses fell with the label rate over broken panes',
      {
        performanceFindings: [stableAuc, lossFell],
        labelFindings: [label('drifted')],
        brokenPanesShare: 0.5,
      },
      ['performance: fix-data'],
    ],
    [
      'the error of a regression rose',
      { performanceFindings: [metric('rmse', 'drifted')] },
      ['performance: retrain'],
    ],
  ]
  it.each(rules)('%s', (_, findings, expected) => {
    expect(conclusions(findings)).toEqual(expected)
  })

  it('puts the evidence in order of strength, the pipe before what follows from it', () => {
    const weak = findingLike({ ...quality('drifted'), effectLower: 0.11, message: 'weak' })
    const strong = findingLike({ ...quality('drifted'), effectLower: 0.4, message: 'strong' })
    const moved = findingLike({ effectLower: 9, effectUpper: 10, message: 'moved' })
    const unit = findingLike({
      detector: 'data-quality',
      statistic: 'unit-factor',
      effectLower: null,
      effectUpper: null,
      threshold: null,
      message: 'miles became kilometres',
    })
    const [concern] = diagnose({ ...NONE, dataFindings: [moved], qualityFindings: [weak, strong, unit] })
    expect(concern!.findings).toEqual([unit, strong, weak, moved])
    expect(concern!.summary).toBe('miles became kilometres')
  })

  it('gives evidence that drifted, and the ranking that held', () => {
    const [concern] = diagnose({
      ...NONE,
      performanceFindings: [stableAuc, lossFell, metric('recall', 'warning')],
      labelFindings: [label('drifted')],
    })
    expect(concern!.findings).toEqual([lossFell, label('drifted'), stableAuc])
    expect(concern!.summary).toBe('log-loss fell, while labels moved; the features are as they were')
  })

  it('says what else was the matter', () => {
    const fallen = { performanceFindings: [lossFell] }
    const [, now] = diagnose({ ...NONE, ...fallen, qualityFindings: [quality('drifted')] })
    expect(now!.summary).toBe('log-loss fell, while origin is missing')
    const [before] = diagnose({ ...NONE, ...fallen, brokenPanesShare: 0.25 })
    expect(before!.summary).toBe('log-loss fell, while the data was broken in 25.0 % of the window')
    expect(before!.findings).toEqual([lossFell])
    const [inputs] = diagnose({ ...NONE, dataFindings: [data('drifted')], brokenDataShare: 0.25 })
    expect(inputs!.summary).toBe('distance has moved, while the data was broken in 25.0 % of the window')
  })
})
