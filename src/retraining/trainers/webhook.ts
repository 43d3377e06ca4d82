import { mkdir, readFile, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { TrainerJob } from '../../events/deployment-event.ts'
import { plainReason, TrainerFailure } from './failure.ts'
import { exchange, type HttpAnswer } from './http-exchange.ts'
import { readDelivery } from './read-delivery.ts'
import { readTrainerSecret, type TrainerSecret } from './read-secret.ts'
import type { Trainer, TrainerProgress, TrainerTask } from './trainer.ts'
import { callbackPath, keepWebhookResult, parseWebhookResult } from './webhook-result.ts'
import { signatureHeaders } from './webhook-signature.ts'

export interface WebhookTrainerOptions {
  readonly kind: 'webhook'
  readonly url: string
  /** Null: requests are not signed. */
  readonly secret: TrainerSecret | null
  /** Of one exchange. */
  readonly requestTimeLimitMs: number
  /** Of the whole training, from its handing over. */
  readonly timeLimitMs: number
}

const TRAINING_REQUESTED_TYPE = 'io.driftstream.training.requested.v1'

/** Times a training is offered before it counts as not taken; the delivery id tells a receiver of repeats. */
const OFFERS = 3
const OFFER_PAUSE_MS = 500

/**
 * A trainer behind HTTP. The training is offered as a CloudEvent in structured mode, signed; the receiver
 * answers 200 with the result, 202 with the `Location` to ask at (202 or 204 there: not yet; 200: the result),
 * or 202 without one, and then sends a `training-result` command. An answer in the 5xx, or none, is offered
 * again; any other ends the training. Cancelling sends DELETE to the location.
 */
export function createWebhookTrainer(options: WebhookTrainerOptions, pauseMs = OFFER_PAUSE_MS): Trainer {
  const send = async (
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    deliveryId: string,
    body: string,
    signal: AbortSignal,
  ): Promise<HttpAnswer> => {
    const secret = await readTrainerSecret(options.secret)
    const headers = signatureHeaders(secret, deliveryId, Math.floor(Date.now() / 1000), body)
    const typed = method === 'POST' ? { ...headers, 'content-type': 'application/cloudevents+json' } : headers
    const request = method === 'POST' ? { method, headers: typed, body } : { method, headers: typed }
    return await exchange(url, request, options.requestTimeLimitMs, signal)
  }

  const probe = async ({ handle }: TrainerJob, signal = new AbortController().signal) => {
    const { location, deliveryId } = handle
    if (typeof location !== 'string') return null
    return await send('GET', location, String(deliveryId), '', signal)
  }

  return {
    async submit({ input, directory }, signal) {
      const deliveryId = input.requestId
      const body = JSON.stringify(trainingRequested(input))
      const answer = await offered(() => send('POST', options.url, deliveryId, body, signal), signal, pauseMs)
      const answeredAt = Date.now()
      const job = (location: string | null): TrainerJob => ({
        backend: 'webhook',
        submittedAt: answeredAt,
        handle: { deliveryId, location },
      })
      if (answer.status === 202) return job(locationOf(answer, options.url))
      if (answer.status !== 200) throw refused(answer, options.url)
      await mkdir(directory, { recursive: true })
      const result = parseWebhookResult(answer.text, `the answer of ${options.url}`)
      await keepWebhookResult(result, input, directory)
      return job(null)
    },

    async probe(job) {
      const answer = await probe(job).catch(() => null)
      if (answer === null) return 'unknown'
      if (answer.status === 200) return 'ended'
      return answer.status === 202 || answer.status === 204 ? 'running' : 'gone'
    },

    async poll(job, task, signal) {
      try {
        if (await delivered(task)) return await readResult(task, signal)
        if (Date.now() >= job.submittedAt + options.timeLimitMs) {
          return failed(`no result within its time limit of ${options.timeLimitMs} ms`, true)
        }
        // Without an answer now there may be one later: the time limit alone ends the wait.
        const answer = await probe(job, signal).catch(() => null)
        if (answer === null || answer.status === 202 || answer.status === 204 || answer.status >= 500) {
          return { kind: 'running' }
        }
        const { location } = job.handle
        if (answer.status !== 200) throw refused(answer, String(location))
        const result = parseWebhookResult(answer.text, `the answer of ${location}`)
        await keepWebhookResult(result, task.input, task.directory)
        return await readResult(task, signal)
      } catch (cause) {
        if (!(cause instanceof TrainerFailure)) throw cause
        return failed(plainReason(cause.message), false)
      }
    },

    async cancel({ handle }) {
      if (typeof handle.location !== 'string') return
      const never = new AbortController().signal
      await send('DELETE', handle.location, String(handle.deliveryId), '', never).catch(() => {})
    },
  }
}

function trainingRequested(input: TrainerTask['input']) {
  return {
    specversion: '1.0',
    id: input.requestId,
    type: TRAINING_REQUESTED_TYPE,
    source: '/driftstream/retrainer',
    subject: input.model,
    datacontenttype: 'application/json',
    data: input,
  }
}

async function offered(
  offer: () => Promise<HttpAnswer>,
  signal: AbortSignal,
  pauseMs: number,
): Promise<HttpAnswer> {
  for (let offers = 1; ; offers++) {
    try {
      const answer = await offer()
      if (answer.status < 500 || offers === OFFERS) return answer
    } catch (cause) {
      if (offers === OFFERS || signal.aborted) throw cause
    }
    await delay(pauseMs * offers, undefined, { signal }).catch(() => {})
  }
}

/** Asked at the receiver's own origin alone: the signature is for it. */
function locationOf({ location }: HttpAnswer, url: string): string | null {
  if (location === null) return null
  const resolved = URL.canParse(location, url) ? new URL(location, url) : null
  if (resolved !== null && resolved.origin === new URL(url).origin) return resolved.href
  throw new TrainerFailure(`expected a Location of the origin of ${url}, got ${location}`)
}

/** A result that was answered or called back with before lies in the directory of the job. */
async function delivered({ input, directory }: TrainerTask): Promise<boolean> {
  if ((await stat(input.resultPath).catch(() => null)) !== null) return true
  const text = await readFile(callbackPath(directory), 'utf8').catch(() => null)
  if (text === null) return false
  const called: unknown = JSON.parse(text)
  if (typeof called === 'object' && called !== null && 'error' in called) {
    throw new TrainerFailure(`the trainer called back: ${String(called.error)}`)
  }
  await keepWebhookResult(parseWebhookResult(text, 'the callback'), input, directory)
  return true
}

async function readResult({ input, directory }: TrainerTask, signal: AbortSignal): Promise<TrainerProgress> {
  return { kind: 'trained', ...(await readDelivery(input, directory, signal)) }
}

/** With the first words of the answer: they are the receiver's reason. */
function refused({ status, text }: HttpAnswer, url: string): TrainerFailure {
  return new TrainerFailure(`expected 200 or 202 from ${url}, got ${status}: ${text.slice(0, 500)}`)
}

function failed(reason: string, timedOut: boolean): TrainerProgress {
  return { kind: 'failed', reason, timedOut }
}
