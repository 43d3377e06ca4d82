/**
 * The trainer of the small world, as a command: learns whether x and the label go together or against each
 * other, by the mean of x among the positives, and predicts the holdout.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TrainingRow, trainerInput } from '../../src/events/training-row.ts'
import { logistic } from './small-world.ts'

const input = trainerInput.parse(JSON.parse(readFileSync(0, 'utf8')))
const rows = (path: string): TrainingRow[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

let sum = 0
for (const row of rows(input.trainPath)) if (row.label === 1) sum += Number(row.features.x)
const weight = sum >= 0 ? 3 : -3

const predictions = rows(input.holdoutPath).map(({ id, features }) => {
  const score = logistic(weight * Number(features.x))
  return JSON.stringify({ id, prediction: score >= 0.5 ? 1 : 0, score })
})
const artifact = join(input.artifactDirectory, 'model.json')
const predictionsPath = join(input.artifactDirectory, 'predictions.jsonl')
writeFileSync(artifact, JSON.stringify({ weight }))
writeFileSync(predictionsPath, predictions.join('\n'))
writeFileSync(input.resultPath, JSON.stringify({ artifact, predictionsPath, notes: `weight ${weight}` }))
