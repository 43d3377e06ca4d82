import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import {
  type HoldoutPrediction,
  type TrainerInput,
  type TrainerResult,
  type TrainingRow,
  trainingRow,
} from '../../src/events/training-row.ts'
import { readLines } from './json-lines.ts'
import type { FlightModel } from './model.ts'
import { TrainingSet } from './training-set.ts'

/**
 * Trains a flights model on the rows of `trainPath`, writes it to `artifactDirectory/model.json`, predicts
 * the holdout, and leaves the result at `resultPath`, which is written last: where it stands, all is there.
 * @throws TRAINER_FAILED when a row is not as agreed, or there is none
 */
export async function train(input: TrainerInput): Promise<TrainerResult> {
  const flights = new TrainingSet()
  await eachRow(input.trainPath, (row, place) => flights.add(row.features, isLate(row, place)))
  const model = flights.fit()

  const artifact = join(input.artifactDirectory, 'model.json')
  const predictionsPath = join(dirname(input.resultPath), 'predictions.jsonl')
  await mkdir(input.artifactDirectory, { recursive: true })
  await writeFile(artifact, JSON.stringify(model.toArtifact()))
  await writeFile(predictionsPath, await predictHoldout(model, input.holdoutPath))

  const result: TrainerResult = {
    artifact,
    predictionsPath,
    trainedRows: flights.length,
    notes: `logistic regression on ${flights.length} flights, ${(100 * flights.lateShare).toFixed(1)} % late`,
  }
  await writeFile(input.resultPath, JSON.stringify(result))
  return result
}

async function predictHoldout(model: FlightModel, path: string): Promise<string> {
  const lines: string[] = []
  await eachRow(path, (row) => {
    const score = model.predict(row.features)
    const prediction: HoldoutPrediction = { id: row.id, prediction: model.decide(score), score }
    lines.push(`${JSON.stringify(prediction)}\n`)
  })
  return lines.join('')
}

async function eachRow(path: string, handle: (row: TrainingRow, place: string) => void): Promise<void> {
  let line = 0
  for await (const batch of readLines(path)) {
    for (const text of batch) {
      const place = `${path}, row ${++line}`
      handle(parseRow(text, place), place)
    }
  }
}

function parseRow(text: string, place: string): TrainingRow {
  let row: unknown
  try {
    row = JSON.parse(text)
  } catch (cause) {
    throw new DriftstreamError(
      'TRAINER_FAILED',
      `expected JSON at ${place}, got ${text.slice(0, 80)}`,
      {},
      { cause },
    )
  }
  const parsed = trainingRow.safeParse(row)
  if (parsed.success) return parsed.data
  throw new DriftstreamError('TRAINER_FAILED', `expected a training row at ${place}: ${parsed.error.message}`)
}

/** The demo's labels are 1 and 0; their texts and truth values are taken for the same. */
function isLate(row: TrainingRow, place: string): boolean {
  const label = String(row.label)
  if (label === '1' || label === 'true') return true
  if (label === '0' || label === 'false') return false
  throw new DriftstreamError('TRAINER_FAILED', `expected label 1 or 0 at ${place}, got ${label}`)
}
