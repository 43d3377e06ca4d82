import { setTimeout as delay } from 'node:timers/promises'
import { type CloudEventType, decodeCloudEvent } from '../events/cloud-event.ts'
import type { CommandEvent } from '../events/command-event.ts'
import { type DeploymentEvent, deploymentEventType, TERMINAL_STAGES } from '../events/deployment-event.ts'
import { type RetrainRequest, retrainRequestType } from '../events/retrain-request.ts'
import { stableId } from '../events/stable-id.ts'
import type { Log } from '../log/port.ts'
import { unlessRefused } from './read-events.ts'
import { writeCommand } from './write-command.ts'

/** A person's wish for a retrain of one model, in their own words. */
export interface RetrainWish {
  readonly model: string
  readonly by: string
  readonly reason: string
  /** Epoch ms. */
  readonly at: number
}

type Topics = Readonly<Record<'commands' | 'retrainRequests' | 'deployments', string>>

/** Writes a wish to the commands topic; the detector decides it when the next pane closes. */
export async function askForRetrain(
  log: Log,
  topics: Pick<Topics, 'commands'>,
  wish: RetrainWish,
): Promise<CommandEvent> {
  const { model, by, reason, at } = wish
  const id = stableId('command', model, 'manual', by, reason, at)
  return writeCommand(log, topics.commands, { id, model, at, by, reason, kind: 'manual' })
}

/** What follows from a wish: the request that answers it, then each stage of its candidate. */
export type WishNews =
  | { readonly kind: 'requested'; readonly request: RetrainRequest }
  | { readonly kind: 'stage'; readonly event: DeploymentEvent; readonly isLast: boolean }

/** Live events and people take days to decide: nobody waits for them at a terminal. */
const HANDED_ON: ReadonlySet<string> = new Set(['awaiting-approval', 'shadow', 'canary'])

/** How often the topics are looked at. */
const LOOK_MS = 250

/**
 * Asks for a retrain and tells what follows, until its candidate is over, waits for a person or meets live
 * events. The answer is the request that names the wish's command; one written before the wish is none. Ends
 * early, without an error, when `signal` is aborted.
 */
export async function* followRetrain(
  log: Log,
  topics: Topics,
  wish: RetrainWish,
  signal: AbortSignal,
): AsyncGenerator<WishNews | { readonly kind: 'asked'; readonly command: CommandEvent }> {
  // From the end as it is before anybody can have answered.
  const requests = await TopicTail.open(log, topics.retrainRequests)
  const deployments = await TopicTail.open(log, topics.deployments)
  const command = await askForRetrain(log, topics, wish)
  yield { kind: 'asked', command }
  let requestId: string | null = null
  while (!signal.aborted) {
    const asked: RetrainRequest[] = requestId === null ? await requests.next(retrainRequestType) : []
    for (const request of asked) {
      if (requestId !== null || !request.trigger.commands.includes(command.id)) continue
      requestId = request.id
      yield { kind: 'requested', request }
    }
    for (const event of requestId === null ? [] : await deployments.next(deploymentEventType)) {
      if (event.requestId !== requestId) continue
      const isLast = TERMINAL_STAGES.has(event.stage) || HANDED_ON.has(event.stage)
      yield { kind: 'stage', event, isLast }
      if (isLast) return
    }
    await delay(LOOK_MS, undefined, { signal }).catch(() => {})
  }
}

/** What is written to a topic from now on, look by look. */
class TopicTail {
  readonly #log: Log
  readonly #topic: string
  /** By partition, up to where it has been read. */
  readonly #read: Map<number, number>

  private constructor(log: Log, topic: string, read: Map<number, number>) {
    this.#log = log
    this.#topic = topic
    this.#read = read
  }

  static async open(log: Log, topic: string): Promise<TopicTail> {
    const offsets = await log.offsets(topic)
    return new TopicTail(log, topic, new Map(offsets.map(({ partition, high }) => [partition, high])))
  }

  /** What has come since; a record that is no such event is passed over. */
  async next<T>(type: CloudEventType<T>): Promise<T[]> {
    const ranges = (await this.#log.offsets(this.#topic)).flatMap(({ partition, low, high }) => {
      const from = Math.max(low, this.#read.get(partition) ?? low)
      this.#read.set(partition, high)
      return from < high ? [{ topic: this.#topic, partition, from, to: high }] : []
    })
    const events: T[] = []
    for await (const { records } of this.#log.read(ranges)) {
      for (const { value, headers } of records) {
        const event = unlessRefused(() => decodeCloudEvent(type, value, headers))
        if (event !== null) events.push(event)
      }
    }
    return events
  }
}
