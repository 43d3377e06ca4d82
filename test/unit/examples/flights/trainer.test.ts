import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readLines } from '../../../../examples/flights/json-lines.ts'
import { FlightModel } from '../../../../examples/flights/model.ts'
import { train } from '../../../../examples/flights/trainer.ts'
import { holdoutPrediction, type TrainerInput, trainerResult } from '../../../../src/events/training-row.ts'
import { collect } from './collect.ts'

let folder: string
let input: TrainerInput

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flights-'))
  input = {
    requestId: 'r1',
    idempotencyKey: 'k1',
    deadlineAt: null,
    model: 'flights',
    fromVersion: '1',
    toVersion: '2',
    trainPath: join(folder, 'train.jsonl'),
    holdoutPath: join(folder, 'holdout.jsonl'),
    artifactDirectory: join(folder, 'artifacts', '2'),
    resultPath: join(folder, 'result.json'),
  }
})
afterEach(() => rm(folder, { recursive: true }))

const features = (hour: number) => ({
  hour,
  weekday: 'Mon',
  distance: 391,
  origin: 'DEN',
  destination: 'SLC',
})
const lines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

async function writeRows(label: (late: boolean) => unknown = (late) => (late ? 1 : 0)): Promise<void> {
  const rows = Array.from({ length: 2040 }, (_, i) => {
    const hour = i % 24
    return { id: `t${i}`, at: i, features: features(hour), label: label(hour >= 16 && i % 5 > 0) }
  })
  await writeFile(input.trainPath, lines(rows))
  const holdout = [20, 7].map((hour, i) => ({ id: `h${i}`, at: 3000 + i, features: features(hour) }))
  await writeFile(input.holdoutPath, lines(holdout))
}

async function readResult() {
  const result = trainerResult.parse(JSON.parse(await readFile(input.resultPath, 'utf8')))
  const predictions = (await readFile(result.predictionsPath!, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => holdoutPrediction.parse(JSON.parse(line)))
  const model = FlightModel.fromArtifact(JSON.parse(await readFile(result.artifact, 'utf8')))
  return { result, predictions, model }
}

function runCommand(stdin: string) {
  const script = fileURLToPath(new URL('../../../../examples/flights/train.ts', import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(stdin)
  return Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)])
}

describe('the trainer', () => {
  it('leaves a model, predictions for the whole holdout, and the result', async () => {
    await writeRows()
    await train(input)
    const { result, predictions, model } = await readResult()
    expect(result.artifact).toBe(join(input.artifactDirectory, 'model.json'))
    expect(result.notes).toBe('logistic regression on 2040 flights, 26.7 % late')
    expect(predictions.map(({ id, prediction }) => [id, prediction])).toEqual([
      ['h0', 1],
      ['h1', 0],
    ])
    expect(predictions.map(({ score }) => score)).toEqual(
      [20, 7].map((hour) => model.predict(features(hour))),
    )
  })

  it('reads a label as a number, a text or a truth value alike', async () => {
    const weights: unknown[] = []
    for (const label of [(late: boolean) => (late ? '1' : '0'), (late: boolean) => late]) {
      await writeRows(label)
      await train(input)
      weights.push((await readResult()).model.toArtifact())
    }
    await writeRows()
    await train(input)
    expect(weights).toEqual(Array(2).fill((await readResult()).model.toArtifact()))
  })

  it('names the row that is not as agreed, and leaves no result', async () => {
    await writeRows()
    const good = await readFile(input.trainPath, 'utf8')
    const bad = ['{"id": "t1"', '{"id":"t1"}', JSON.stringify({ id: 't1', at: 1, features: {} }), '[]']
    for (const line of bad) {
      await writeFile(input.trainPath, `${good}${line}\n`)
      await expect(train(input)).rejects.toMatchObject({
        code: 'TRAINER_FAILED',
        message: expect.stringContaining('train.jsonl, row 2041'),
      })
    }
    await expect(readFile(input.resultPath)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('the trainer as a command', () => {
  it('exits with 0 once the result is written', async () => {
    await writeRows()
    const [[code], stdout, stderr] = await runCommand(JSON.stringify(input))
    expect([code, stdout, stderr]).toEqual([0, 'logistic regression on 2040 flights, 26.7 % late\n', ''])
    expect((await readResult()).predictions).toHaveLength(2)
  })

  it('exits with 1 and says why', async () => {
    const [[code], , stderr] = await runCommand('{"requestId":"r1"}')
    expect(code).toBe(1)
    expect(stderr).toContain('trainPath')
  })
})

describe('reading lines', () => {
  it('joins what a read cut, also inside a letter, and leaves out empty lines', async () => {
    const long = 'ü'.repeat(700_001)
    await writeFile(input.trainPath, `first\r\n\n${long}\n${long}x\nlast`)
    const batches = await collect(readLines(input.trainPath))
    expect(batches.length).toBeGreaterThan(2)
    expect(batches.flat()).toEqual(['first', long, `${long}x`, 'last'])
  })

  it('gives nothing of an empty file', async () => {
    await writeFile(input.trainPath, '')
    expect((await collect(readLines(input.trainPath))).flat()).toEqual([])
  })
})
