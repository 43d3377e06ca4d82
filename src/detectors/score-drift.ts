import type { Finding } from '../events/finding.ts'
import { scoreBinsOf } from '../sketches/outcome-layout.ts'
import type { PerformanceCounts } from '../sketches/types.ts'
import { total } from '../statistics/count-totals.ts'
import { largestMove } from './categorical-drift.ts'
import type { CompiledDistribution } from './compiled-distribution.ts'
import { judgeDistribution } from './distribution-drift.ts'
import { cellDivergences } from './divergences.ts'
import type { TestOptions } from './options.ts'
import { decimal } from './wording.ts'

/** Scores of all predictions by bin, predicted classes together; empty where none was counted. */
export function scoreCells({ scores, task }: PerformanceCounts): Float64Array {
  if (scores.length === 0) return new Float64Array(0)
  const cells = new Float64Array(scoreBinsOf(task))
  for (let cell = 0; cell < scores.length; cell++) cells[cell % cells.length]! += scores[cell]!
  return cells
}

/** Scored predictions by predicted class: binary negative then positive; multiclass with `other` last. */
export function predictionCells({ scores, task }: PerformanceCounts): Float64Array {
  const bins = scoreBinsOf(task)
  const cells = new Float64Array(scores.length / bins)
  for (let cell = 0; cell < scores.length; cell++) cells[Math.floor(cell / bins)]! += scores[cell]!
  return cells
}

/**
 * Compares how the scores of all predictions lie, labelled or not, with the reference: one finding, judged
 * like a numeric feature on the bins of the scores. multiclass: the probability of the predicted class.
 * The score sees every feature as the model weighs it, so it moves where features move that matter.
 */
export function judgeScoreDrift(
  compiled: CompiledDistribution,
  window: PerformanceCounts,
  windows: number,
  options: TestOptions,
): Finding {
  const cells = windowCells(scoreCells(window), compiled)
  return judgeDistribution(
    {
      detector: 'score-drift',
      subject: 'score',
      describe: () =>
        `mean ${decimal(meanScore(cells))}, ${decimal(meanScore(compiled.reference))} in the reference`,
      measures: () => cellDivergences(compiled, cells),
    },
    compiled,
    cells,
    windows,
    options,
  )
}

/** Compares the shares of the predicted classes with the reference: one finding, judged like categories. */
export function judgePredictionDrift(
  compiled: CompiledDistribution,
  window: PerformanceCounts,
  classes: readonly string[],
  windows: number,
  options: TestOptions,
): Finding {
  const cells = windowCells(predictionCells(window), compiled)
  const nameOf = (cell: number): string => {
    if (window.task === 'binary') return cell === 1 ? 'the positive prediction' : 'the negative prediction'
    return classes[cell] === undefined ? 'the other classes together' : `"${classes[cell]}"`
  }
  return judgeDistribution(
    {
      detector: 'prediction-drift',
      subject: 'prediction',
      describe: () => largestMove(compiled.reference, cells, nameOf),
      measures: () => cellDivergences(compiled, cells),
    },
    compiled,
    cells,
    windows,
    options,
  )
}

/** A window without scores has as many cells as the reference, all empty. */
function windowCells(cells: Float64Array, { reference }: CompiledDistribution): Float64Array {
  return cells.length === 0 ? new Float64Array(reference.length) : cells
}

/** Of the middles of the bins. */
function meanScore(cells: ArrayLike<number>): number {
  let sum = 0
  for (let bin = 0; bin < cells.length; bin++) sum += cells[bin]! * ((bin + 0.5) / cells.length)
  return sum / total(cells)
}
