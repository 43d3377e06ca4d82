import { mkdir, readFile, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { TrainerJob } from '../../events/deployment-event.ts'
import { plainReason, TrainerFailure } from './failure.ts'
import { AnswerTooLarge, exchange, type HttpAnswer, NoAnswer } from './http-exchange.ts'
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
  /** Times a lost job is handed over again; absent: never, it fails. */
  readonly restartsMax?: number
  /** Of one answer; absent: 256 MiB. */
  readonly answerBytesMax?: number
}

const TRAINING_REQUESTED_TYPE = 'io.driftstream.training.requested.v1'

/** Between two offers of one training: the first pause, doubled from offer to offer. */
const OFFER_PAUSE_MS = 500
const OFFER_PAUSE_MS_MAX = 30_000

/** Characters of an answer that stand in a reason. */
const WORDS_MAX = 500

/** Statuses below 500 that say "not now". */
const NOT_NOW: ReadonlySet<number> = new Set([408, 425, 429])

/** Statuses of a location that say: there is no such job. */
const NO_SUCH_JOB: ReadonlySet<number> = new Set([404, 410])

/**
 * A trainer behind HTTP. The training is offered as a CloudEvent in structured mode, signed; the receiver
 * answers 200 with the result, 202 with the `Location` to ask at (202 or 204 there: not yet; 200: the result),
 * or 202 without one, and then sends a `training-result` command. To an answer in the 5xx, to one that says
 * "not now", and to none at all it is offered again, with growing pauses and the same delivery id, until the
 * request's deadline or the training's time limit; any other ends the training. A location that knows no such
 * job (404, 410) has lost it. Cancelling sends DELETE to the location.
 *
 * The key of the request goes along as `idempotency-key`, after "The Idempotency-Key HTTP Header Field"
 * (IETF, draft-ietf-httpapi-idempotency-key-header).
 */
export function createWebhookTrainer(options: WebhookTrainerOptions, pauseMs = OFFER_PAUSE_MS): Trainer {
  const send = async (
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    deliveryId: string,
    body: string,
    signal: AbortSignal,
    more: Record<string, string> = {},
  ): Promise<HttpAnswer> => {
    const secret = await readTrainerSecret(options.secret)
    const headers = signatureHeaders(secret, deliveryId, Math.floor(Date.now() / 1000), body)
    const request =
      method === 'POST' ? { method, headers: { ...headers, ...more }, body } : { method, headers }
    return await exchange(url, request, options.requestTimeLimitMs, signal, options.answerBytesMax)
  }

  const probe = async ({ handle }: TrainerJob, signal = new AbortController().signal) => {
    const { location, deliveryId } = handle
    if (typeof location !== 'string') return null
    return await send('GET', location, String(deliveryId), '', signal)
  }

  return {
    async submit({ input, directory, restarts, offerForMs }, signal) {
      // A job that was lost is another delivery: a receiver that keeps ids would answer the first one again.
      const deliveryId = restarts === 0 ? input.requestId : `${input.requestId}.${restarts}`
      const body = JSON.stringify(trainingRequested(input))
      const more = {
        'content-type': 'application/cloudevents+json',
        'idempotency-key': JSON.stringify(input.idempotencyKey),
      }
      const offer = () => send('POST', options.url, deliveryId, body, signal, more)
      const until = Date.now() + Math.min(offerForMs, options.timeLimitMs)
      const answer = await offered(offer, until, pauseMs, signal)
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
        const answer = await probe(job, signal).catch((cause: unknown) => {
          if (cause instanceof AnswerTooLarge) throw cause
          return null
        })
        if (answer === null || answer.status === 202 || answer.status === 204 || isNotNow(answer)) {
          return { kind: 'running' }
        }
        const { location } = job.handle
        if (NO_SUCH_JOB.has(answer.status)) {
          return { kind: 'lost', reason: plainReason(refused(answer, String(location)).message) }
        }
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

function isNotNow({ status }: HttpAnswer): boolean {
  return status >= 500 || NOT_NOW.has(status)
}

async function offered(
  offer: () => Promise<HttpAnswer>,
  until: number,
  firstPauseMs: number,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  let pauseMs = firstPauseMs
  for (let offers = 1; ; offers++) {
    let last: TrainerFailure
    try {
      const answer = await offer()
      if (!isNotNow(answer)) return answer
      last = new TrainerFailure(`got ${answer.status}: ${answer.text.slice(0, WORDS_MAX)}`)
    } catch (cause) {
      if (!(cause instanceof NoAnswer) || signal.aborted) throw cause
      last = cause
    }
    if (Date.now() + pauseMs > until) {
      throw new TrainerFailure(
        `offered ${offers} times, and nobody took it in time; at last ${last.message}`,
        true,
      )
    }
    await delay(pauseMs, undefined, { signal }).catch(() => {})
    pauseMs = Math.min(2 * pauseMs, OFFER_PAUSE_MS_MAX)
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
  return new TrainerFailure(`expected 200 or 202 from ${url}, got ${status}: ${text.slice(0, WORDS_MAX)}`)
}

function failed(reason: string, timedOut: boolean): TrainerProgress {
  return { kind: 'failed', reason, timedOut }
}
