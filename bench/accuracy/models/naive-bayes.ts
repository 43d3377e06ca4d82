import type { Row } from '../streams/row.ts'

/** A fitted model: the probabilities of the classes, by their numbers. */
export type Model = (x: Float64Array) => Float64Array

const CELLS = 16

/**
 * Naive Bayes on cells: each feature is cut at sixteenths of the training rows (a feature of few values has a
 * cell for each), classes and cells are counted with half a count more.
 */
export function fitNaiveBayes(rows: readonly Row[], classes: number): Model {
  const features = rows[0]!.x.length
  const edges = Array.from({ length: features }, (_, feature) => edgesOf(rows, feature))
  const prior = new Float64Array(classes).fill(0.5)
  const cells = Array.from({ length: features }, () => new Float64Array(classes * (CELLS + 1)).fill(0.5))
  for (const { x, y } of rows) {
    prior[y]! += 1
    for (let feature = 0; feature < features; feature++) {
      cells[feature]![y * (CELLS + 1) + cellOf(edges[feature]!, x[feature]!)]! += 1
    }
  }
  const logCells = cells.map((counts) =>
    counts.map((count, index) => {
      const y = Math.floor(index / (CELLS + 1))
      return Math.log(count / (prior[y]! + 0.5 * CELLS))
    }),
  )
  const logPrior = prior.map(Math.log)
  return (x) => {
    const logs = logPrior.slice()
    for (let feature = 0; feature < features; feature++) {
      const cell = cellOf(edges[feature]!, x[feature]!)
      for (let y = 0; y < classes; y++) logs[y]! += logCells[feature]![y * (CELLS + 1) + cell]!
    }
    const most = Math.max(...logs)
    const weights = logs.map((log) => Math.exp(log - most))
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return weights.map((weight) => weight / sum)
  }
}

/** Values at which a cell begins, at most CELLS of them. */
function edgesOf(rows: readonly Row[], feature: number): Float64Array {
  const values = Float64Array.from(rows, ({ x }) => x[feature]!).sort()
  const distinct = new Set(values)
  if (distinct.size <= CELLS) return Float64Array.from(distinct)
  const cuts = Array.from({ length: CELLS }, (_, i) => values[Math.floor((i * values.length) / CELLS)]!)
  return Float64Array.from(new Set(cuts))
}

/** How many edges lie at or below the value. */
function cellOf(edges: Float64Array, value: number): number {
  let cell = 0
  while (cell < edges.length && edges[cell]! <= value) cell++
  return cell
}
