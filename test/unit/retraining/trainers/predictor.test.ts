import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { trainerInputExample } from '../../../../src/events/training-row.ts'
import { type PredictorOptions, predictHoldout } from '../../../../src/retraining/trainers/predictor.ts'
import { readPredictions } from '../../../../src/retraining/trainers/read-delivery.ts'

const HOLDOUT = '{"id":"h1"}\n{"id":"h2"}\n'
const signal = new AbortController().signal
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftstream-predictor-'))
  writeFileSync(join(folder, 'holdout'), HOLDOUT)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const input = () => ({
  ...trainerInputExample,
  holdoutPath: join(folder, 'holdout'),
  resultPath: join(folder, 'result'),
})

async function predictionsOf(options: PredictorOptions) {
  return await readPredictions(await predictHoldout(options, input(), 'models/2', signal), input(), signal)
}

const command = (script: string, timeLimitMs = 20_000): PredictorOptions => ({
  kind: 'command',
  command: [process.execPath, '-e', script],
  timeLimitMs,
})

it('a command reads rows and writes predictions, line by line', async () => {
  const script = `
    const rows = require('node:fs').readFileSync(0, 'utf8').trim().split('\\n').map((line) => JSON.parse(line))
    for (const { id } of rows) console.log(JSON.stringify({ id, prediction: process.env.DRIFTSTREAM_ARTIFACT }))`
  expect(await predictionsOf(command(script))).toEqual([
    { id: 'h1', prediction: 'models/2' },
    { id: 'h2', prediction: 'models/2' },
  ])
})

it('a command that fails, is not there or does not end is told', async () => {
  await expect(predictionsOf(command('process.exit(3)'))).rejects.toThrow('it ended with 3')
  await expect(
    predictionsOf({ kind: 'command', command: [join(folder, 'nothing')], timeLimitMs: 1000 }),
  ).rejects.toThrow('ENOENT')
  await expect(predictionsOf(command('setInterval(() => {}, 1000)', 300))).rejects.toThrow(
    'the predictor was stopped after 300 ms',
  )
})

it('over HTTP rows are posted, and what is not 200 is told', async () => {
  const server = createServer((request, response) => {
    text(request).then((body) => {
      if (body !== HOLDOUT || request.headers['driftstream-artifact'] !== 'models/2') {
        response.writeHead(400).end('expected the holdout')
      } else if (request.url === '/away') response.writeHead(503).end('later')
      else response.end('{"id":"h1","prediction":1,"score":0.5}\n')
    }, response.destroy)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const predictions = await predictionsOf({ kind: 'http', url, timeLimitMs: 5000 })
    expect(predictions).toEqual([{ id: 'h1', prediction: 1, score: 0.5 }])
    expect(readFileSync(join(folder, 'result.predictions.jsonl'), 'utf8')).toContain('h1')
    await expect(predictionsOf({ kind: 'http', url: `${url}/away`, timeLimitMs: 5000 })).rejects.toThrow(
      'got 503: later',
    )
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
