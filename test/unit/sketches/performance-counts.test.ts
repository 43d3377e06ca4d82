import { describe, expect, it } from 'vitest'
import { createCategoryDictionary } from '../../../src/sketches/category-dictionary.ts'
import { exactTotal } from '../../../src/sketches/exact-sum.ts'
import { lossTotal } from '../../../src/sketches/loss-sum.ts'
import { ERROR_SUMS, LOSS_SUMS } from '../../../src/sketches/outcome-layout.ts'
import {
  addOutcome,
  addScore,
  createPerformanceCounts,
  mergePerformanceCounts,
  type Outcome,
  subtractPerformanceCounts,
} from '../../../src/sketches/performance-counts.ts'
import { probabilityTotal } from '../../../src/sketches/probability-sum.ts'
import { SIGNED_BINS, signedBin } from '../../../src/sketches/signed-bins.ts'
import type { PerformanceCounts, Task } from '../../../src/sketches/types.ts'

function counted(task: Task, ...outcomes: Partial<Outcome>[]): PerformanceCounts {
  const counts = createPerformanceCounts(task)
  for (const outcome of outcomes) {
    addOutcome(counts, { prediction: 1, score: undefined, label: 1, positiveLabel: '1', ...outcome })
  }
  return counts
}

const loss = (counts: PerformanceCounts, name: keyof typeof LOSS_SUMS) =>
  lossTotal(counts.sums, LOSS_SUMS[name])
const errorSum = (counts: PerformanceCounts, name: keyof typeof ERROR_SUMS) =>
  exactTotal(counts.sums, ERROR_SUMS[name])
const filled = (cells: Uint32Array) => [...cells.entries()].filter(([, count]) => count > 0)

describe('addOutcome of a binary model', () => {
  it('fills the confusion counts, comparing by text', () => {
    const counts = counted(
      'binary',
      { prediction: 1, label: '1' },
      { prediction: '1', label: 0 },
      { prediction: 'no', label: 0 },
      { prediction: 'no', label: 0 },
      { prediction: 0, label: 1 },
    )
    expect(counts).toMatchObject({ n: 5, correct: 3, scored: 0 })
    expect(counts).toMatchObject({ truePositives: 1, falsePositives: 1, trueNegatives: 2, falseNegatives: 1 })
  })

  it('sums losses and counts score bins by label', () => {
    const counts = counted(
      'binary',
      { score: 0.25 },
      { score: 0.25, label: 0 },
      { score: 1 },
      { score: 0, label: 0 },
    )
    expect(counts.scored).toBe(4)
    // -ln 0.25 - ln 0.75, and two scores that were certain and right.
    expect(loss(counts, 'logLoss')).toBeCloseTo(Math.log(4) + Math.log(4 / 3), 12)
    expect(loss(counts, 'logLossSquared')).toBeCloseTo(Math.log(4) ** 2 + Math.log(4 / 3) ** 2, 12)
    expect(loss(counts, 'brier')).toBeCloseTo(0.75 ** 2 + 0.25 ** 2, 12)
    expect(loss(counts, 'brierSquared')).toBeCloseTo(0.75 ** 4 + 0.25 ** 4, 12)
    // Bin 32 of 128 holds 0.25, the last one 1.
    expect(filled(counts.joint)).toEqual([
      [0, 1],
      [64, 1],
      [65, 1],
      [255, 1],
    ])
    // Of 16 bins: 0, then 0.25 twice, then 1.
    expect([0, 4, 15].map((bin) => probabilityTotal(counts.calibration, bin))).toEqual([0, 0.5, 1])
  })

  it('makes no array before it has something to count in it', () => {
    const counts = counted('binary', { score: undefined })
    expect(counts).toEqual({ ...createPerformanceCounts('binary'), n: 1, correct: 1, truePositives: 1 })
  })

  it('clips a certain and wrong score', () => {
    expect(loss(counted('binary', { score: 0 }), 'logLoss')).toBeCloseTo(-Math.log(1e-15), 9)
    expect(loss(counted('binary', { score: 1, label: 0 }), 'logLoss')).toBeCloseTo(-Math.log(1e-15), 1)
  })

  it('takes the positive class out of a record of scores', () => {
    expect(loss(counted('binary', { score: { 0: 0.4, 1: 0.6 } }), 'brier')).toBeCloseTo(0.16, 12)
  })

  it.each([[undefined], [-0.1], [1.1], [Number.NaN], [{}], [{ 0: 0.5 }]])(
    'counts an outcome with the score %o, but not as scored',
    (score) => {
      expect(counted('binary', { score })).toEqual({
        ...createPerformanceCounts('binary'),
        n: 1,
        correct: 1,
        truePositives: 1,
      })
    },
  )

  it('does not find a score where only the prototype has one', () => {
    const counts = counted('binary', { label: 'constructor', positiveLabel: 'constructor', score: {} })
    expect(counts.scored).toBe(0)
  })
})

describe('addOutcome of a multiclass model', () => {
  const score = { cat: 0.5, dog: 0.3, ant: 0.2 }

  it('compares texts and sums the losses of the label and of all classes', () => {
    const counts = counted('multiclass', { prediction: 'cat', label: 'dog', score })
    expect(counts).toMatchObject({ n: 1, correct: 0, scored: 1 })
    expect(loss(counts, 'logLoss')).toBeCloseTo(-Math.log(0.3), 12)
    expect(loss(counts, 'brier')).toBeCloseTo(0.25 + 0.49 + 0.04, 12)
    expect(counts.joint).toHaveLength(0)
  })

  it('counts classes of a dictionary one by one and the others together', () => {
    const classes = createCategoryDictionary(['cat', 'dog'])
    const counts = counted(
      'multiclass',
      { prediction: 'cat', label: 'dog', score, classes },
      { prediction: 'ant', label: 'cat', score, classes },
      { prediction: 'ant', label: 'bee', classes },
    )
    expect(counts).toMatchObject({ n: 3, correct: 0, scored: 2, classCount: 2 })
    // Rows are what came: cat, dog, other; columns what was predicted.
    expect([...counts.confusion]).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 1])
    // cat: 0.5 in bin 32 of 64, once a hit; dog: 0.3 in bin 19, once a hit.
    expect(filled(counts.joint)).toEqual([
      [64, 1],
      [65, 1],
      [2 * (64 + 19), 1],
      [2 * (64 + 19) + 1, 1],
    ])
    expect(probabilityTotal(counts.calibration, 8)).toBe(1)
    expect(probabilityTotal(counts.calibration, 16 + 4)).toBeCloseTo(0.6, 6)
  })

  it('refuses the classes of another reference', () => {
    const counts = counted('multiclass', { score, classes: createCategoryDictionary(['cat']) })
    const other = { prediction: 1, label: 1, score, positiveLabel: '' }
    expect(() => addOutcome(counts, { ...other, classes: createCategoryDictionary(['a', 'b']) })).toThrow(
      'expected 1 classes, got 2',
    )
  })

  it.each([[0.5], [undefined], [{ dog: 1 }], [{ cat: 0.5, dog: 2 }], [{ cat: 0.5, dog: Number.NaN }]])(
    'counts an outcome with the score %o, but not as scored',
    (other) => {
      const counts = counted('multiclass', { prediction: 'cat', label: 'cat', score: other })
      expect(counts).toEqual({ ...createPerformanceCounts('multiclass'), n: 1, correct: 1 })
    },
  )
})

describe('addOutcome of a regression model', () => {
  it('sums powers of the error', () => {
    const counts = counted('regression', { prediction: 3, label: 1 }, { prediction: -1, label: 2 })
    expect(counts.n).toBe(2)
    const names = ['over', 'under', 'squared', 'quartic', 'labelPositive', 'labelSquared'] as const
    expect(names.map((name) => errorSum(counts, name))).toEqual([2, 3, 13, 97, 3, 5])
    expect(filled(counts.errors)).toEqual([
      [signedBin(-3), 1],
      [signedBin(2), 1],
    ])
    expect(counts.labels).toHaveLength(SIGNED_BINS)
  })

  it.each([
    ['3', 1],
    [3, '1'],
    [true, 1],
    [Number.NaN, 1],
    [1, Number.POSITIVE_INFINITY],
    [1e200, 0],
    [0, -1e37],
  ])('refuses prediction %o with label %o and counts nothing', (prediction, label) => {
    const counts = createPerformanceCounts('regression')
    expect(addOutcome(counts, { prediction, label, score: undefined, positiveLabel: '1' })).toBe(false)
    expect(counts).toEqual(createPerformanceCounts('regression'))
  })
})

describe('addScore', () => {
  const said = { prediction: 1, positiveLabel: '1' }

  it('counts the scores of a binary model by predicted class', () => {
    const counts = createPerformanceCounts('binary')
    for (const score of [0.25, 0.25, 1, undefined, 2]) addScore(counts, { ...said, score })
    addScore(counts, { ...said, prediction: 0, score: 0.25 })
    expect(filled(counts.scores)).toEqual([
      [32, 1],
      [128 + 32, 2],
      [128 + 127, 1],
    ])
    expect(probabilityTotal(counts.scoreSums, 32)).toBe(0.75)
    expect(counts.n).toBe(0)
  })

  it('counts how sure a multiclass model was of what it said', () => {
    const classes = createCategoryDictionary(['cat', 'dog'])
    const counts = createPerformanceCounts('multiclass')
    addScore(counts, { prediction: 'dog', score: { dog: 0.5 }, positiveLabel: '', classes })
    addScore(counts, { prediction: 'bee', score: { bee: 0.5 }, positiveLabel: '', classes })
    addScore(counts, { prediction: 'dog', score: { cat: 0.5 }, positiveLabel: '', classes })
    expect(filled(counts.scores)).toEqual([
      [64 + 32, 1],
      [128 + 32, 1],
    ])
  })

  it('has nothing to count of a regression', () => {
    const counts = createPerformanceCounts('regression')
    addScore(counts, { ...said, score: 0.5 })
    expect(counts).toEqual(createPerformanceCounts('regression'))
  })
})

describe('subtractPerformanceCounts', () => {
  it('leaves what was counted without', () => {
    const rest = [{ score: 0.3 }, { prediction: 0, score: 0.9, label: 0 }]
    const counts = counted('binary', { score: 0.25 }, ...rest)
    subtractPerformanceCounts(counts, counted('binary', { score: 0.25 }))
    subtractPerformanceCounts(counts, createPerformanceCounts('binary'))
    expect(counts).toEqual(counted('binary', ...rest))
  })
})

describe('mergePerformanceCounts', () => {
  it('adds everything', () => {
    const [first, second, third] = [{ score: 0.25 }, { prediction: 0, score: 0.7, label: 0 }, { score: 0.1 }]
    const merged = counted('binary', first)
    mergePerformanceCounts(merged, counted('binary', second, third))
    expect(merged).toEqual(counted('binary', first, second, third))
  })

  it('refuses another task', () => {
    expect(() => mergePerformanceCounts(counted('binary'), counted('regression'))).toThrow(
      /binary model with 0 classes, got regression/,
    )
  })
})
