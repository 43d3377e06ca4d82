import { TrainingSet } from '../../examples/flights/training-set.ts'
import type { TrainingRow } from '../../src/events/training-row.ts'
import { fitLogistic } from '../accuracy/models/logistic.ts'

/** A fitted model: the probability of the label 1. */
export type Learned = (features: TrainingRow['features']) => number

/** Fits the model class of a world; the same rows give the same model. */
export type Learn = (rows: readonly TrainingRow[]) => Learned

/** The model of the flights demo: a sparse logistic regression. */
export const learnFlights: Learn = (rows) => {
  const set = new TrainingSet()
  for (const { features, label } of rows) set.add(features, label === 1)
  const model = set.fit()
  return (features) => model.predict(features)
}

/** A logistic regression on these numbers. */
export function learnLogistic(names: readonly string[]): Learn {
  const inputs = (features: TrainingRow['features']) =>
    Float64Array.from(names, (name) => Number(features[name]))
  return (rows) => {
    const fitted = fitLogistic(rows.map(({ features, label }) => ({ x: inputs(features), y: Number(label) })))
    return (features) => fitted(inputs(features))[1]!
  }
}
