import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TrainerInput } from '../../src/events/training-row.ts'
import { logistic } from './small-world.ts'

/** What the service was asked, in order. */
export interface ServiceCall {
  readonly method: string
  readonly path: string
  readonly deliveryId: string
  readonly idempotencyKey: string
}

/** A job of the service: taken once for each delivery id, done when somebody says so. */
export interface ServiceJob {
  readonly id: number
  readonly deliveryId: string
  readonly input: TrainerInput
  done: boolean
  cancelled: boolean
  /** The service was restarted without it. */
  forgotten: boolean
}

const STALE_SECONDS = 300

/**
 * A training service on a real socket for the small world: it verifies each request's signature, time and
 * delivery id, answers 202 with a location, trains when it is let go, and predicts a holdout at `/predict`.
 */
export class TrainingService {
  readonly calls: ServiceCall[] = []
  readonly jobs: ServiceJob[] = []
  /** Requests that were turned away, with the reason. */
  readonly refused: string[] = []
  /** Statuses to answer offers with first. */
  readonly stumbles: number[] = []
  letGo = false
  /** Answers 202 without a location. */
  callsBack = false
  readonly #secret: string
  readonly #server = createServer((request, response) => {
    text(request).then((body) => this.#answer(request, body, response), response.destroy)
  })

  constructor(secret: string) {
    this.#secret = secret
  }

  async open(port = 0): Promise<void> {
    await new Promise<void>((listening) => this.#server.listen(port, '127.0.0.1', listening))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/trainings`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((closed) => this.#server.close(closed))
  }

  #answer(request: IncomingMessage, body: string, response: ServerResponse): void {
    const { method = '', url: path = '' } = request
    const say = (status: number, said: unknown = '', headers: Record<string, string> = {}) =>
      response.writeHead(status, headers).end(typeof said === 'string' ? said : JSON.stringify(said))
    if (path === '/predict') {
      const artifact = decodeURI(String(request.headers['driftstream-artifact']))
      return void say(
        200,
        predictionsOf(body, artifact)
          .map((line) => JSON.stringify(line))
          .join('\n'),
      )
    }
    const header = (name: string) => String(request.headers[name] ?? '')
    const fault = this.#fault(header, body)
    if (fault !== null) {
      this.refused.push(fault)
      return void say(401, fault)
    }
    const deliveryId = header('webhook-id')
    this.calls.push({ method, path, deliveryId, idempotencyKey: header('idempotency-key') })
    if (method === 'POST') {
      const stumble = this.stumbles.shift()
      if (stumble !== undefined) return void say(stumble, 'not yet')
      const job = this.#take(deliveryId, JSON.parse(body).data)
      return void say(202, '', this.callsBack ? {} : { location: `/trainings/${job.id}` })
    }
    const job = this.jobs.find(({ id }) => path === `/trainings/${id}`)
    if (job === undefined || job.forgotten) return void say(404, 'no such job')
    if (method === 'DELETE') {
      job.cancelled = true
      return void say(204)
    }
    job.done ||= this.letGo
    if (!job.done) return void say(202)
    say(200, resultOf(job.input))
  }

  #take(deliveryId: string, input: TrainerInput): ServiceJob {
    const known = this.jobs.find((job) => job.deliveryId === deliveryId)
    if (known !== undefined) return known
    const id = this.jobs.length + 1
    const job = { id, deliveryId, input, done: false, cancelled: false, forgotten: false }
    this.jobs.push(job)
    return job
  }

  #fault(header: (name: string) => string, body: string): string | null {
    const [id, time] = [header('webhook-id'), header('webhook-timestamp')]
    const signed = createHmac('sha256', this.#secret).update(`${id}.${time}.${body}`).digest('base64')
    if (header('webhook-signature') !== `v1,${signed}`) return 'bad signature'
    return Math.abs(Date.now() / 1000 - Number(time)) > STALE_SECONDS ? 'stale' : null
  }
}

/** The small world's model: whether x and the label go together, or against each other. No predictions. */
export function resultOf(input: TrainerInput): { artifact: string } {
  let sum = 0
  for (const { features, label } of rowsOf(readFileSync(input.trainPath, 'utf8'))) {
    if (label === 1) sum += Number(features.x)
  }
  return { artifact: `weight:${sum >= 0 ? 3 : -3}` }
}

export function predictionsOf(holdout: string, artifact: string) {
  const weight = Number(artifact.replace('weight:', ''))
  return rowsOf(holdout).map(({ id, features }) => {
    const score = logistic(weight * Number(features.x))
    return { id, prediction: score >= 0.5 ? 1 : 0, score }
  })
}

/** What a service that calls back would answer at once: artifact and predictions together. */
export function wholeResultOf(input: TrainerInput) {
  const { artifact } = resultOf(input)
  return {
    artifact,
    notes: '',
    predictions: predictionsOf(readFileSync(input.holdoutPath, 'utf8'), artifact),
  }
}

function rowsOf(lines: string) {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

/** Where a test's service finds its secret. */
export const secretFileIn = (folder: string) => ({ kind: 'file', path: join(folder, 'secret') }) as const
