import { buildReference } from '../../src/sketches/reference-builder.ts'
import type { Reference } from '../../src/sketches/types.ts'
import type { ModelOptions } from '../../src/steps/options.ts'
import { STREAM_START_MS, WEEK_MS } from './calendar.ts'
import type { Flights } from './data.ts'
import { flightFeatures, lateLabel } from './features.ts'
import type { FlightModel } from './model.ts'
import { TrainingSet } from './training-set.ts'

/** The first version and what is normal for it, before any stream. */
export interface FirstModel {
  readonly model: FlightModel
  readonly reference: Reference
  readonly flights: number
}

/** The first three of the four weeks are trained on, the fourth says how good the model is. */
const TRAINED_WEEKS = 3

/**
 * Trains version 1 on weeks 1 to 3. Its reference holds the features of all four weeks, and the outcomes of
 * week 4 alone: a model is always too good on what it was trained on.
 */
export function createFirstModel(days: readonly Flights[], options: ModelOptions): FirstModel {
  const trainedUntil = STREAM_START_MS + TRAINED_WEEKS * WEEK_MS
  const training = new TrainingSet()
  eachFlight(days, (day, i) => {
    if (day.date[i]! < trainedUntil) training.add(flightFeatures(day, i), lateLabel(day, i) === 1)
  })
  const model = training.fit()

  const features = new Map([...options.features].map(([name, { type }]) => [name, type] as const))
  const reference = buildReference({
    model: options.name,
    version: options.version,
    createdAt: STREAM_START_MS + (TRAINED_WEEKS + 1) * WEEK_MS,
    task: options.task,
    positiveLabel: options.positiveLabel,
    features,
    rows: () => referenceRows(days, model, trainedUntil),
  })
  return { model, reference, flights: training.length }
}

function* referenceRows(days: readonly Flights[], model: FlightModel, trainedUntil: number) {
  for (const day of days) {
    for (let i = 0; i < day.length; i++) {
      const features = flightFeatures(day, i)
      if (day.date[i]! < trainedUntil) {
        yield { features }
        continue
      }
      const score = model.predict(features)
      yield { features, score, prediction: model.decide(score), label: lateLabel(day, i) }
    }
  }
}

function eachFlight(days: readonly Flights[], visit: (day: Flights, i: number) => void): void {
  for (const day of days) for (let i = 0; i < day.length; i++) visit(day, i)
}
