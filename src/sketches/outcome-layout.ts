import { EXACT_SUM } from './exact-sum.ts'
import { DELAY_CELLS } from './label-delays.ts'
import type { LimbShape } from './limbs.ts'
import { LOSS_SUM } from './loss-sum.ts'
import { PROBABILITY_SUM } from './probability-sum.ts'
import { SIGNED_BINS } from './signed-bins.ts'
import { type PerformanceCounts, SCORE_BINS, type Task } from './types.ts'

/** Classes counted one by one; what is rarer in the reference is counted together as `other`. */
export const CLASSES_MAX = 32

/** Score bins of each class of a multiclass model; AUC of scores spread over them is within 1.3e-4 of exact. */
export const CLASS_SCORE_BINS = 64

/** Equal-width bins of the calibration error; a whole number of score bins each. */
export const CALIBRATION_BINS = 16

/** Places of the exact sums of a binary or multiclass model. */
export const LOSS_SUMS = { logLoss: 0, logLossSquared: 1, brier: 2, brierSquared: 3 } as const

/** Places of the exact sums of a regression; an error is prediction less label. */
export const ERROR_SUMS = {
  over: 0,
  under: 1,
  squared: 2,
  quartic: 3,
  labelPositive: 4,
  labelNegative: 5,
  labelSquared: 6,
} as const

/** Arrays of counts, modulo 2^32. */
export const OUTCOME_CELLS = ['joint', 'confusion', 'scores', 'errors', 'labels', 'delays'] as const

/** Arrays of sums: whole numbers of one digit or several. */
export const OUTCOME_SUMS = ['sums', 'calibration', 'scoreSums'] as const

export type OutcomeCells = (typeof OUTCOME_CELLS)[number]
export type OutcomeSums = (typeof OUTCOME_SUMS)[number]

/** The fields that are plain whole numbers; the order is the wire's. */
export const OUTCOME_COUNTS = [
  'n',
  'scored',
  'correct',
  'truePositives',
  'falsePositives',
  'trueNegatives',
  'falseNegatives',
] as const satisfies readonly (keyof PerformanceCounts)[]

/** Score bins of one class. */
export function scoreBinsOf(task: Task): number {
  return task === 'binary' ? SCORE_BINS : CLASS_SCORE_BINS
}

/** Cells of an array of counts once something is counted in it; 0 where the task has no such array. */
export function outcomeCellCount(name: OutcomeCells, task: Task, classCount: number): number {
  if (name === 'delays') return DELAY_CELLS
  if (name === 'errors' || name === 'labels') return task === 'regression' ? SIGNED_BINS : 0
  if (task === 'regression' || (task === 'multiclass' && classCount === 0)) return 0
  const bins = scoreBinsOf(task)
  switch (name) {
    case 'joint':
      return 2 * bins * rankedClasses(task, classCount)
    case 'confusion':
      return task === 'binary' ? 0 : (classCount + 1) ** 2
    case 'scores':
      return bins * (rankedClasses(task, classCount) + 1)
  }
}

/** Digits of an array of sums once something is counted in it; 0 where the task has no such array. */
export function outcomeSumDigits(name: OutcomeSums, task: Task, classCount: number): number {
  if (name === 'sums') {
    const sums = task === 'regression' ? ERROR_SUMS : LOSS_SUMS
    return limbShapeOf(name, task).width * Object.keys(sums).length
  }
  if (task === 'regression' || (task === 'multiclass' && classCount === 0)) return 0
  return name === 'calibration' ? CALIBRATION_BINS * rankedClasses(task, classCount) : scoreBinsOf(task)
}

export function limbShapeOf(name: OutcomeSums, task: Task): LimbShape {
  if (name !== 'sums') return PROBABILITY_SUM
  return task === 'regression' ? EXACT_SUM : LOSS_SUM
}

/** Classes with a score of their own: of two, the positive one says all. */
function rankedClasses(task: Task, classCount: number): number {
  return task === 'binary' ? 1 : classCount
}
