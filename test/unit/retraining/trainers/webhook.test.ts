import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TrainerTask } from '../../../../src/retraining/trainers/trainer.ts'
import {
  createWebhookTrainer,
  type WebhookTrainerOptions,
} from '../../../../src/retraining/trainers/webhook.ts'
import { keepCallback } from '../../../../src/retraining/trainers/webhook-result.ts'
import { smallTask } from '../../../support/small-task.ts'
import { trainToEnd } from '../../../support/train-to-end.ts'

interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

const SECRET = 'hunter2-of-the-trainer'
const RESULT = {
  artifact: 's3://models/2',
  trainedRows: 12,
  predictions: [{ id: 'h1', prediction: 1, score: 0.25 }],
}
const signal = new AbortController().signal

let folder: string
let server: Server
let seen: Seen[]
let answer: (request: Seen, response: ServerResponse) => void
let task: TrainerTask

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'driftstream-webhook-'))
  writeFileSync(join(folder, 'secret'), `${SECRET}\n`)
  task = smallTask(folder)
  seen = []
  server = createServer((request, response) => {
    text(request).then((body) => {
      const { method = '', url: path = '', headers } = request
      const one = { method, path, headers, body }
      seen.push(one)
      answer(one, response)
    }, response.destroy)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
  rmSync(folder, { recursive: true, force: true })
})

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/trainings`

const trainer = (over: Partial<WebhookTrainerOptions> = {}) =>
  createWebhookTrainer(
    {
      kind: 'webhook',
      url: url(),
      secret: { kind: 'file', path: join(folder, 'secret') },
      requestTimeLimitMs: 5000,
      timeLimitMs: 60_000,
      ...over,
    },
    1,
  )

const say = (response: ServerResponse, status: number, body: unknown = '', headers = {}) =>
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))

describe('a trainer behind HTTP', () => {
  it('is offered a signed CloudEvent, and may answer with the result at once', async () => {
    answer = (_, response) => say(response, 200, RESULT)
    expect(await trainToEnd(trainer(), task)).toEqual({
      kind: 'trained',
      result: {
        artifact: 's3://models/2',
        trainedRows: 12,
        notes: '',
        predictionsPath: join(task.directory, 'predictions.jsonl'),
      },
      predictions: RESULT.predictions,
    })
    const [{ method, path, headers, body }] = seen as [Seen]
    expect([method, path, headers['content-type']]).toEqual([
      'POST',
      '/trainings',
      'application/cloudevents+json',
    ])
    expect(JSON.parse(body)).toMatchObject({
      specversion: '1.0',
      id: 'r1',
      type: 'io.driftstream.training.requested.v1',
      subject: 'flights',
      data: task.input,
    })
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
    const expected = createHmac('sha256', SECRET).update(signed).digest('base64')
    expect(headers['webhook-signature']).toBe(`v1,${expected}`)
    expect(headers['webhook-id']).toBe('r1')
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60)
  })

  it('may say where to ask, and is asked until it has the result; the handle holds no secret', async () => {
    let asked = 0
    answer = ({ method }, response) => {
      if (method === 'POST') return say(response, 202, '', { location: '/trainings/7' })
      asked++
      return asked === 1 ? say(response, 204) : asked < 4 ? say(response, 503) : say(response, 200, RESULT)
    }
    const job = await trainer().submit(task, signal)
    expect(job).toMatchObject({
      backend: 'webhook',
      handle: { deliveryId: 'r1', location: new URL('/trainings/7', url()).href },
    })
    expect(JSON.stringify(job)).not.toContain(SECRET)
    // A successor that knows the handle alone asks on.
    expect(await trainer().probe(job)).toBe('running')
    expect(await trainer().poll(job, task, signal)).toEqual({ kind: 'running' })
    expect(await trainer().poll(job, task, signal)).toEqual({ kind: 'running' })
    expect((await trainer().poll(job, task, signal)).kind).toBe('trained')
    // And once it is known nobody is asked any more.
    const requests = seen.length
    expect((await trainer().poll(job, task, signal)).kind).toBe('trained')
    expect(seen.length).toBe(requests)
    expect(seen.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect(seen.at(-1)).toMatchObject({ method: 'GET', path: '/trainings/7' })
  })

  it('may call back later', async () => {
    answer = (_, response) => say(response, 202)
    const job = await trainer().submit(task, signal)
    expect(await trainer().poll(job, task, signal)).toEqual({ kind: 'running' })
    await keepCallback(task.directory, RESULT)
    expect(await trainer().poll(job, task, signal)).toMatchObject({
      kind: 'trained',
      predictions: RESULT.predictions,
    })
  })

  it('may call back with its failure', async () => {
    answer = (_, response) => say(response, 202)
    const job = await trainer().submit(task, signal)
    await keepCallback(task.directory, { error: 'no GPU was free' })
    expect(await trainer().poll(job, task, signal)).toEqual({
      kind: 'failed',
      reason: 'the trainer called back: no GPU was free',
      timedOut: false,
    })
  })

  it('is offered again under the same delivery id when it stumbles', async () => {
    answer = (_, response) => (seen.length < 3 ? say(response, 500) : say(response, 200, RESULT))
    expect((await trainToEnd(trainer(), task)).kind).toBe('trained')
    expect(seen.map(({ headers }) => headers['webhook-id'])).toEqual(['r1', 'r1', 'r1'])
  })

  it('is told when nobody wants the result any more', async () => {
    answer = ({ method }, response) =>
      say(response, 202, '', method === 'POST' ? { location: '/trainings/7' } : {})
    const job = await trainer().submit(task, signal)
    await trainer().cancel(job)
    expect(seen.at(-1)).toMatchObject({ method: 'DELETE', path: '/trainings/7' })
  })
})

describe('what goes wrong is a value:', () => {
  it.each([
    ['an answer that refuses', 403, 'not you', 'got 403: not you'],
    ['a redirect', 302, '', 'got 302'],
    ['no JSON', 200, '{', 'is not JSON'],
    ['no artifact', 200, '{"predictions":[]}', 'at artifact'],
    [
      'a prediction too many',
      200,
      { ...RESULT, predictions: [1, 2].map((id) => ({ id: `h${id}`, prediction: 1 })) },
      'more predictions than the 1',
    ],
  ])('%s', async (_, status, body, words) => {
    answer = (_, response) => say(response, status, body, { location: 'http://127.0.0.1:9/elsewhere' })
    const outcome = await trainToEnd(trainer(), task)
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining(words) })
    expect(JSON.stringify(outcome)).not.toContain(SECRET)
  })

  it('a location at another origin, which would be shown the signature', async () => {
    answer = (_, response) => say(response, 202, '', { location: 'http://127.0.0.1:9/elsewhere' })
    expect(await trainToEnd(trainer(), task)).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('expected a Location of the origin of'),
    })
  })

  it('silence, in an exchange and altogether', async () => {
    answer = () => {}
    expect(await trainToEnd(trainer({ requestTimeLimitMs: 50, timeLimitMs: 60 }), task)).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/nobody took it in time; at last no answer from .* within 50 ms$/),
    })
    answer = (_, response) => say(response, 202)
    const job = await trainer().submit(task, signal)
    const late = { ...job, submittedAt: Date.now() - 60_001 }
    expect(await trainer().poll(late, task, signal)).toMatchObject({ kind: 'failed', timedOut: true })
  })

  it('a secret that is not there', async () => {
    const path = join(folder, 'nowhere')
    expect(await trainToEnd(trainer({ secret: { kind: 'file', path } }), task)).toMatchObject({
      kind: 'failed',
      reason: `expected a secret in the file ${path}, which cannot be read`,
    })
    expect(seen).toEqual([])
  })
})

describe('a receiver that is away', () => {
  it('is offered the training with growing pauses until its deadline, then nobody took it', async () => {
    answer = (_, response) => say(response, 503, 'starting')
    const outcome = trainer().submit({ ...task, offerForMs: 100 }, signal)
    await expect(outcome).rejects.toMatchObject({
      timedOut: true,
      message: expect.stringMatching(
        /^offered \d+ times, and nobody took it in time; at last got 503: starting$/,
      ),
    })
    // Pauses of 1, 2, 4, … 32 ms: with one pause of a millisecond it would be many times more.
    expect(seen.length).toBeGreaterThan(1)
    expect(seen.length).toBeLessThanOrEqual(7)
    expect(new Set(seen.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['r1']))
  })

  it('and comes back in time is given it', async () => {
    const { port } = server.address() as AddressInfo
    const back = trainer()
    await new Promise((closed) => server.close(closed))
    const offering = back.submit(task, signal)
    answer = (_, response) => say(response, 200, RESULT)
    await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
    expect(await offering).toMatchObject({ backend: 'webhook' })
  })

  it('is not waited for once nobody wants the training', async () => {
    answer = (_, response) => say(response, 503)
    const stop = new AbortController()
    const offering = trainer().submit(task, stop.signal)
    stop.abort()
    await expect(offering).rejects.toThrow('was given up')
  })
})

describe('an answer', () => {
  it('that refuses is shown up to its first 500 characters, and not offered again', async () => {
    answer = (_, response) => say(response, 422, 'x'.repeat(10_000))
    const outcome = await trainToEnd(trainer(), task)
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/got 422: x{500}$/) })
    expect(seen).toHaveLength(1)
  })

  it('beyond the limit fails at once, offered or asked after', async () => {
    answer = ({ method }, response) =>
      method === 'POST'
        ? say(response, 202, '', { location: '/trainings/7' })
        : say(response, 200, 'x'.repeat(2_000))
    const small = trainer({ answerBytesMax: 1_000 })
    const words = expect.stringMatching(/^more than 1000 bytes came from/)
    expect(await trainToEnd(small, task)).toMatchObject({ kind: 'failed', reason: words })
    answer = (_, response) => say(response, 200, 'x'.repeat(2_000))
    expect(await trainToEnd(small, task)).toMatchObject({ kind: 'failed', reason: words })
    expect(seen).toHaveLength(3)
  })

  it('that knows no such job has lost it; handed over again it is another delivery under the same key', async () => {
    answer = ({ method }, response) =>
      method === 'POST' ? say(response, 202, '', { location: '/trainings/7' }) : say(response, 410)
    const job = await trainer().submit(task, signal)
    expect(await trainer().poll(job, task, signal)).toMatchObject({ kind: 'lost' })
    await trainer().submit({ ...task, restarts: 2 }, signal)
    const offers = seen.filter(({ method }) => method === 'POST').map(({ headers }) => headers)
    expect(offers.map((each) => [each['webhook-id'], each['idempotency-key']])).toEqual([
      ['r1', '"k1"'],
      ['r1.2', '"k1"'],
    ])
  })
})

it('the first callback counts', async () => {
  expect(await keepCallback(task.directory, RESULT)).toBe(true)
  expect(await keepCallback(task.directory, { artifact: 'second' })).toBe(false)
  answer = (_, response) => say(response, 202)
  const job = await trainer().submit(task, signal)
  expect(await trainer().poll(job, task, signal)).toMatchObject({ result: { artifact: RESULT.artifact } })
})
