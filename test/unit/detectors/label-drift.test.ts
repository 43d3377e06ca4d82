import { describe, expect, it } from 'vitest'
import { compiledReference } from '../../../src/detectors/compiled-reference.ts'
import { judgeLabelDrift } from '../../../src/detectors/label-drift.ts'
import { createCategoryDictionary } from '../../../src/sketches/category-dictionary.ts'
import { addOutcome, createPerformanceCounts } from '../../../src/sketches/performance-counts.ts'
import { buildReference } from '../../../src/sketches/reference-builder.ts'
import type { PerformanceCounts } from '../../../src/sketches/types.ts'
import { normalQuantile } from '../../../src/statistics/normal.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { OPTIONS } from '../../support/counted-samples.ts'

function labelled(n: number, positives: number): PerformanceCounts {
  const counts = createPerformanceCounts('binary')
  counts.n = n
  counts.truePositives = Math.floor(positives / 3)
  counts.falseNegatives = positives - counts.truePositives
  counts.trueNegatives = n - positives
  return counts
}
const reference = labelled(100_000, 20_000)

describe('judgeLabelDrift', () => {
  it.each([
    ['stable', 10_000, 2_000],
    ['stable', 1_000_000, 210_000],
    ['drifted', 10_000, 2_500],
    ['drifted', 10_000, 1_500],
    ['warning', 10_000, 2_350],
    ['undecided', 199, 199],
    ['undecided', 0, 0],
  ] as const)('is %s for %d labels with %d positive against 20 %%', (verdict, n, positives) => {
    const [finding] = judgeLabelDrift(reference, labelled(n, positives), OPTIONS)
    expect(finding).toMatchObject({ verdict, subject: 'label', statistic: 'positive-rate', n, m: 100_000 })
  })

  it('reports both rates and the interval of their difference', () => {
    const [finding] = judgeLabelDrift(reference, labelled(10_000, 1_500), OPTIONS)
    expect(finding).toMatchObject({ value: 0.15, referenceValue: 0.2, threshold: 0.03 })
    expect(finding!.effectLower).toBeLessThan(-0.05)
    expect(finding!.effectUpper).toBeLessThan(-0.03)
    expect(finding!.message).toBe('15.0 % of 10000 labels are positive, 20.0 % in the reference')
  })

  it('has nothing to say of what has no labels to compare', () => {
    const multiclass = createPerformanceCounts('multiclass')
    expect(judgeLabelDrift(multiclass, multiclass, OPTIONS)).toEqual([])
    const regression = createPerformanceCounts('regression')
    expect(judgeLabelDrift(regression, regression, OPTIONS)).toEqual([])
    expect(judgeLabelDrift(regression, multiclass, OPTIONS)).toEqual([])
  })
})

describe('judgeLabelDrift of a multiclass model', () => {
  const classes = createCategoryDictionary(['cat', 'dog'])

  function came(cats: number, dogs: number, ants: number): PerformanceCounts {
    const counts = createPerformanceCounts('multiclass')
    const add = (label: string, times: number) => {
      for (let i = 0; i < times; i++) {
        addOutcome(counts, { prediction: 'cat', score: undefined, label, positiveLabel: '', classes })
      }
    }
    add('cat', cats)
    add('dog', dogs)
    add('ant', ants)
    return counts
  }

  it.each([
    ['stable', [500, 300, 200], '"cat"'],
    ['drifted', [400, 450, 150], '"dog"'],
    ['drifted', [500, 100, 400], 'of other classes'],
  ] as const)('is %s for %j against half cats, three tenths dogs', (verdict, [cats, dogs, ants], kind) => {
    const reference = came(5000, 3000, 2000)
    const [finding, ...others] = judgeLabelDrift(
      reference,
      came(cats, dogs, ants),
      OPTIONS,
      classes.categories,
    )
    expect(others).toEqual([])
    expect(finding).toMatchObject({ verdict, statistic: 'class-rate', n: 1000, m: 10_000 })
    expect(finding!.message).toContain(`labels are ${kind},`)
  })
})

describe('judgeLabelDrift of a regression', () => {
  function labels(n: number, seed: string, shift: number, spread: number): PerformanceCounts {
    const random = createRandom(seed)
    const counts = createPerformanceCounts('regression')
    for (let i = 0; i < n; i++) {
      const label = 10 + shift + spread * normalQuantile(random() + 2 ** -33)
      addOutcome(counts, { prediction: 10, score: undefined, label, positiveLabel: '' })
    }
    return counts
  }
  const before = labels(20_000, 'before', 0, 2)
  const verdicts = (window: PerformanceCounts) =>
    Object.fromEntries(judgeLabelDrift(before, window, OPTIONS).map((one) => [one.statistic, one.verdict]))

  it('sees a shift in mean and distribution, a spread in the distribution alone', () => {
    expect(verdicts(labels(5000, 'same', 0, 2))).toEqual({ 'label-mean': 'stable', psi: 'stable' })
    expect(verdicts(labels(5000, 'shift', 2, 2))).toEqual({ 'label-mean': 'drifted', psi: 'drifted' })
    expect(verdicts(labels(5000, 'spread', 0, 5))).toEqual({ 'label-mean': 'stable', psi: 'drifted' })
    expect(verdicts(labels(150, 'few', 2, 2))).toEqual({ 'label-mean': 'undecided', psi: 'undecided' })
    expect(verdicts(createPerformanceCounts('regression'))).toEqual({
      'label-mean': 'undecided',
      psi: 'undecided',
    })
  })

  it('reports the means in the unit of the labels', () => {
    const [mean] = judgeLabelDrift(before, labels(5000, 'shift', 2, 2), OPTIONS)
    expect(mean!.value).toBeCloseTo(12, 0)
    expect(mean!.referenceValue).toBeCloseTo(10, 1)
    // Twice 3 % of the standard deviation.
    expect(mean!.threshold).toBeCloseTo(0.12, 2)
    expect(mean!.effectLower).toBeGreaterThan(1.8)
  })
})

describe('judgeLabelDrift where windows of the reference scatter', () => {
  const classes = createCategoryDictionary(['cat', 'dog'])
  const HOUR_MS = 3_600_000

  /** Sixty hours of 200 labels; `spread` is how far hours differ from one another. */
  function compiled(task: 'multiclass' | 'regression', spread: number) {
    const random = createRandom(`${task} ${spread}`)
    const normal = () => normalQuantile(random() + 2 ** -33)
    const labelOf = (shift: number) =>
      task === 'regression' ? 10 + shift + normal() : random() < 0.5 + shift / 4 ? 'cat' : 'dog'
    const rows = Array.from({ length: 61 }, (_, hour) => {
      const shift = Math.max(-1.5, Math.min(1.5, spread * normal()))
      return Array.from({ length: hour === 60 ? 1 : 200 }, () => {
        const prediction = task === 'regression' ? 10 : 'cat'
        return { at: hour * HOUR_MS, features: { x: 1 }, prediction, label: labelOf(shift) }
      })
    }).flat()
    const reference = buildReference({
      model: 'm',
      version: '1',
      createdAt: 0,
      positiveLabel: '',
      task,
      features: new Map([['x', 'numeric']]),
      windowMs: HOUR_MS,
      rows: () => rows,
    })
    return { outcomes: reference.performance!, labels: compiledReference(reference).labels! }
  }

  function windowOf(task: 'multiclass' | 'regression'): PerformanceCounts {
    const random = createRandom(`window of ${task}`)
    const counts = createPerformanceCounts(task)
    for (let i = 0; i < 2_000; i++) {
      const uniform = random() + 2 ** -33
      const label = task === 'regression' ? 10.4 + normalQuantile(uniform) : uniform < 0.62 ? 'cat' : 'dog'
      const prediction = task === 'regression' ? 10 : 'cat'
      addOutcome(counts, { prediction, score: undefined, label, positiveLabel: '', classes })
    }
    return counts
  }

  it.each([
    ['multiclass', 'class-rate'],
    ['regression', 'label-mean'],
    ['regression', 'psi'],
  ] as const)(
    'of a %s: a window that is far for independent labels is not for them (%s)',
    (task, statistic) => {
      const told = (spread: number) => {
        const { outcomes, labels } = compiled(task, spread)
        const scatter = { ...labels, windows: 1 }
        const findings = judgeLabelDrift(outcomes, windowOf(task), OPTIONS, ['cat', 'dog'], scatter)
        return findings.find((one) => one.statistic === statistic)!
      }
      const [independent, scattered] = [told(0), told(0.5)]
      expect(independent).toMatchObject({ null: 'independent' })
      expect(independent.pValue!).toBeLessThan(1e-9)
      expect(scattered.null).toBe('panes')
      expect(scattered.pValue!).toBeGreaterThan(1e-3)
      expect(scattered.effectUpper! - scattered.effectLower!).toBeGreaterThan(
        independent.effectUpper! - independent.effectLower!,
      )
    },
  )
})
