import { DriftstreamError } from '../errors/driftstream-error.ts'
import { binOfProbability } from './binary-outcome.ts'
import type { Outcome, Prediction } from './outcome.ts'
import { CALIBRATION_BINS, CLASS_SCORE_BINS, outcomeCellCount, outcomeSumDigits } from './outcome-layout.ts'
import { addLosses, isProbability, probabilityOf, textOf } from './outcome-losses.ts'
import { addProbability } from './probability-sum.ts'
import type { CategoryDictionary, PerformanceCounts } from './types.ts'

/** Counts the probability of the predicted class: how sure the model was. */
export function addMulticlassScore(counts: PerformanceCounts, predicted: Prediction): void {
  if (typeof predicted.score !== 'object') return
  const name = textOf(predicted.prediction)
  const probability = probabilityOf(predicted.score, name)
  if (!isProbability(probability)) return
  const classes = classesOf(counts, predicted)
  if (classes === null) return
  if (counts.scores.length === 0) {
    counts.scores = new Uint32Array(outcomeCellCount('scores', 'multiclass', counts.classCount))
    counts.scoreSums = new Float64Array(outcomeSumDigits('scoreSums', 'multiclass', counts.classCount))
  }
  const bin = binOfProbability(probability, CLASS_SCORE_BINS)
  const cell = CLASS_SCORE_BINS * classOf(classes, name) + bin
  counts.scores[cell] = counts.scores[cell]! + 1
  addProbability(counts.scoreSums, bin, probability)
}

export function addMulticlassOutcome(counts: PerformanceCounts, outcome: Outcome): void {
  const predicted = textOf(outcome.prediction)
  const actual = textOf(outcome.label)
  counts.n++
  if (predicted === actual) counts.correct++
  const classes = classesOf(counts, outcome)
  if (classes !== null) addConfusion(counts, classOf(classes, actual), classOf(classes, predicted))
  const { score } = outcome
  if (typeof score !== 'object') return
  const probability = probabilityOf(score, actual)
  if (!isProbability(probability)) return
  let brier = 0
  for (const name of Object.keys(score)) {
    const other = score[name]
    if (!isProbability(other)) return
    brier += (other - (name === actual ? 1 : 0)) ** 2
  }
  addLosses(counts, probability, brier)
  if (classes !== null) addClassScores(counts, classes, score, actual)
}

function addConfusion(counts: PerformanceCounts, actual: number, predicted: number): void {
  if (counts.confusion.length === 0) {
    counts.confusion = new Uint32Array(outcomeCellCount('confusion', 'multiclass', counts.classCount))
  }
  const cell = actual * (counts.classCount + 1) + predicted
  counts.confusion[cell] = counts.confusion[cell]! + 1
}

/** Each class against the rest; a class the score does not name has the probability 0. */
function addClassScores(
  counts: PerformanceCounts,
  { categories }: CategoryDictionary,
  score: Readonly<Record<string, number>>,
  actual: string,
): void {
  if (counts.joint.length === 0) {
    counts.joint = new Uint32Array(outcomeCellCount('joint', 'multiclass', counts.classCount))
    counts.calibration = new Float64Array(outcomeSumDigits('calibration', 'multiclass', counts.classCount))
  }
  const { joint, calibration } = counts
  for (let at = 0; at < categories.length; at++) {
    const name = categories[at]!
    const probability = probabilityOf(score, name) ?? 0
    const bin = CLASS_SCORE_BINS * at + binOfProbability(probability, CLASS_SCORE_BINS)
    const cell = 2 * bin + (name === actual ? 1 : 0)
    joint[cell] = joint[cell]! + 1
    addProbability(
      calibration,
      CALIBRATION_BINS * at + binOfProbability(probability, CALIBRATION_BINS),
      probability,
    )
  }
}

/**
 * The classes to count by, null without any. The first time they say how many there are.
 * @throws STATE_IMPOSSIBLE where there were more or fewer before: two references in one sketch
 */
function classesOf(counts: PerformanceCounts, { classes }: Prediction): CategoryDictionary | null {
  if (!classes || classes.categories.length === 0) return null
  const { length } = classes.categories
  if (counts.classCount === 0) counts.classCount = length
  if (counts.classCount === length) return classes
  throw new DriftstreamError('STATE_IMPOSSIBLE', `expected ${counts.classCount} classes, got ${length}`)
}

/** The class's place, or the one after all for any other. */
function classOf({ categories, index }: CategoryDictionary, name: string): number {
  return index.get(name) ?? categories.length
}
