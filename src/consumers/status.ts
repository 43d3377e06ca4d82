import type { AppOptions, ConfiguredModel } from '../config/options.ts'
import { decodeCloudEvent } from '../events/cloud-event.ts'
import { championAfter, type DeploymentEvent, deploymentEventType } from '../events/deployment-event.ts'
import { type DriftEvent, driftEventType } from '../events/drift-event.ts'
import { type ReferenceEvent, referenceEventType } from '../events/reference-event.ts'
import { type RetrainRequest, retrainRequestType } from '../events/retrain-request.ts'
import { type StreamHealthEvent, streamHealthEventType } from '../events/stream-health-event.ts'
import { type ModelTriggerStatus, triggerStatusEventType } from '../events/trigger-status-event.ts'
import type { Log } from '../log/port.ts'
import { readEvents, unlessRefused } from './read-events.ts'
import type { ProcessName } from './start.ts'

/** How far a process has committed in one partition. */
export interface PositionStatus {
  readonly process: ProcessName
  readonly topic: string
  readonly partition: number
  readonly committed: number
  /** One past the last offset; markers of transactions count, so a lag of one or two may be none. */
  readonly end: number
  readonly lag: number
}

export interface EpisodeStatus {
  readonly concern: DriftEvent['concern']
  readonly diagnosis: DriftEvent['diagnosis']
  readonly version: string
  readonly changedAt: number
  readonly summary: string
}

export interface ModelStatus {
  readonly model: string
  readonly champion: string
  /** The newest of the champion; null where it has none, and is not judged. */
  readonly reference: { readonly id: string; readonly m: number; readonly stage: string } | null
  readonly openEpisodes: readonly EpisodeStatus[]
  readonly lastRequest: {
    readonly id: string
    readonly at: number
    readonly reason: string
    /** Of the newest deployment event that answers it; null where none does. */
    readonly stage: string | null
  } | null
  /** As its detector last told; null before its first pane has closed. */
  readonly triggers: (ModelTriggerStatus & { readonly at: number }) | null
}

/** The state of an installation as its topics and committed offsets tell it. */
export interface StatusReport {
  readonly positions: readonly PositionStatus[]
  readonly models: readonly ModelStatus[]
  /** The newest word on the stream itself; null before the first pane has closed. */
  readonly health: StreamHealthEvent | null
}

/** Reads the status; no process of the installation need be running. The topics must exist. */
export async function readStatus(log: Log, options: AppOptions): Promise<StatusReport> {
  const { names } = options.topics
  const drift = await readEvents(log, names.driftEvents, driftEventType)
  const requests = await readEvents(log, names.retrainRequests, retrainRequestType)
  const deployments = await readEvents(log, names.deployments, deploymentEventType)
  const references = await readEvents(log, names.references, referenceEventType)
  const told = { drift, requests, deployments, references }
  const { health, triggers } = await readNewestHealth(log, names.health)
  return {
    positions: await readPositions(log, options),
    models: [...options.models.values()].map((model) => {
      return { ...modelStatus(model, told), triggers: triggers.get(model.name) ?? null }
    }),
    health,
  }
}

interface Told {
  readonly drift: readonly DriftEvent[]
  readonly requests: readonly RetrainRequest[]
  readonly deployments: readonly DeploymentEvent[]
  readonly references: readonly ReferenceEvent[]
}

function modelStatus({ name, version }: ConfiguredModel, told: Told): Omit<ModelStatus, 'triggers'> {
  const isOurs = ({ model }: { readonly model: string }) => model === name
  const deployments = told.deployments.filter(isOurs)
  const champion = deployments.reduce(championAfter, version)
  const ofChampion = told.references.filter((one) => isOurs(one) && one.version === champion)
  const reference = ofChampion.findLast(({ stage }) => stage !== 'cut') ?? ofChampion.at(-1)
  const request = told.requests.findLast(isOurs)
  return {
    model: name,
    champion,
    reference:
      reference === undefined
        ? null
        : { id: reference.id, m: reference.m, stage: reference.stage ?? 'ready' },
    openEpisodes: openEpisodes(told.drift.filter(isOurs)),
    lastRequest:
      request === undefined
        ? null
        : {
            id: request.id,
            at: request.at,
            reason: request.trigger.reason,
            stage: deployments.findLast(({ requestId }) => requestId === request.id)?.stage ?? null,
          },
  }
}

/** An episode is open while the last that was said of it is not that it is over. */
function openEpisodes(events: readonly DriftEvent[]): EpisodeStatus[] {
  const newest = new Map(events.map((event) => [event.episodeId, event]))
  return [...newest.values()]
    .filter(({ state }) => state !== 'resolved')
    .map(({ concern, diagnosis, version, changedAt, summary }) => {
      return { concern, diagnosis, version, changedAt, summary }
    })
}

async function readPositions(
  log: Log,
  { group, alerts, topics: { names } }: AppOptions,
): Promise<PositionStatus[]> {
  const reads: readonly (readonly [ProcessName, readonly string[]])[] = [
    ['observer', [names.features, names.labels]],
    ['detector', [names.sketches]],
    ['retrainer', [names.retrainRequests]],
    ...(alerts === undefined
      ? []
      : [['alerter', [names.driftEvents, names.retrainRequests, names.deployments]] as const]),
  ]
  const positions: PositionStatus[] = []
  for (const [process, topics] of reads) {
    for (const topic of topics) {
      const ends = await log.offsets(topic)
      const partitions = ends.map(({ partition }) => ({ topic, partition }))
      for (const { partition, offset } of await log.committed(`${group}.${process}`, partitions)) {
        const end = ends.find((one) => one.partition === partition)?.high ?? offset
        positions.push({ process, topic, partition, committed: offset, end, lag: Math.max(0, end - offset) })
      }
    }
  }
  return positions
}

/** Enough to find the newest events among transaction markers, and the parts of what a task tells. */
const TAIL_RECORDS = 64

/** The newest word on the stream, and on the triggers of each model. */
async function readNewestHealth(
  log: Log,
  topic: string,
): Promise<{ health: StreamHealthEvent | null; triggers: Map<string, ModelTriggerStatus & { at: number }> }> {
  let health: StreamHealthEvent | null = null
  const triggers = new Map<string, ModelTriggerStatus & { at: number }>()
  const ranges = (await log.offsets(topic)).map(({ partition, low, high }) => {
    return { topic, partition, from: Math.max(low, high - TAIL_RECORDS), to: high }
  })
  for await (const { records } of log.read(ranges)) {
    for (const { value, headers } of records) {
      health = unlessRefused(() => decodeCloudEvent(streamHealthEventType, value, headers)) ?? health
      const told = unlessRefused(() => decodeCloudEvent(triggerStatusEventType, value, headers))
      for (const status of told?.models ?? []) triggers.set(status.model, { ...status, at: told!.at })
    }
  }
  return { health, triggers }
}
