/**
 * A trainer that notes each of its starts and waits for a file before it goes on; as a predictor it waits alone.
 *
 *     node gated-trainer.ts train <starts> <gate> [without predictions]
 *     node gated-trainer.ts predict <gate>
 *
 * It learns whether x and the label go together or against each other, like the trainer of the small world.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TrainingRow, trainerInput } from '../../src/events/training-row.ts'
import { logistic } from '../support/small-world.ts'

const LOOK_MS = 10

const [mode, ...rest] = process.argv.slice(2)
if (mode === 'predict') await predict(rest[0]!)
else await train(rest[0]!, rest[1]!, rest[2] === undefined)

async function train(starts: string, gate: string, predicts: boolean): Promise<void> {
  const input = trainerInput.parse(JSON.parse(readFileSync(0, 'utf8')))
  appendFileSync(starts, `${input.requestId} ${process.pid}\n`)
  await opened(gate)
  let sum = 0
  for (const { label, features } of rowsOf(readFileSync(input.trainPath, 'utf8'))) {
    if (label === 1) sum += Number(features.x)
  }
  const weight = sum >= 0 ? 3 : -3
  const artifact = join(input.artifactDirectory, 'model.json')
  const predictionsPath = join(input.artifactDirectory, 'predictions.jsonl')
  writeFileSync(artifact, JSON.stringify({ weight }))
  if (predicts) writeFileSync(predictionsPath, predictions(readFileSync(input.holdoutPath, 'utf8'), weight))
  writeFileSync(input.resultPath, JSON.stringify({ artifact, ...(predicts ? { predictionsPath } : {}) }))
}

async function predict(gate: string): Promise<void> {
  const rows = readFileSync(0, 'utf8')
  await opened(gate)
  const { weight } = JSON.parse(readFileSync(String(process.env.DRIFTSTREAM_ARTIFACT), 'utf8'))
  process.stdout.write(predictions(rows, weight))
}

async function opened(gate: string): Promise<void> {
  while (!existsSync(gate)) await sleep(LOOK_MS)
}

function rowsOf(lines: string): TrainingRow[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

function predictions(lines: string, weight: number): string {
  const said = rowsOf(lines).map(({ id, features }) => {
    const score = logistic(weight * Number(features.x))
    return JSON.stringify({ id, prediction: score >= 0.5 ? 1 : 0, score })
  })
  return said.join('\n')
}
