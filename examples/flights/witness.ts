import { decodeCloudEvent } from '../../src/events/cloud-event.ts'
import { type DeploymentEvent, deploymentEventType } from '../../src/events/deployment-event.ts'
import { type DriftEvent, driftEventType } from '../../src/events/drift-event.ts'
import { type RetrainRequest, retrainRequestType } from '../../src/events/retrain-request.ts'
import type { Follower, Log } from '../../src/log/port.ts'
import { DAY_MS } from './calendar.ts'
import type { StoryLine } from './lines.ts'
import type { KnownIncident } from './plants.ts'
import type { Incident, IncidentAction } from './story.ts'

/** An alarm may trail behind the end of its cause by the longest window that still holds it. */
const TRAIL_MS = 2 * DAY_MS

interface Witnessed {
  readonly known: KnownIncident | null
  readonly name: string
  readonly episodes: Set<string>
  detectedAt: number | null
  resolvedAt: number | null
  diagnosis: DriftEvent['diagnosis'] | null
  action: IncidentAction
}

export interface Witness {
  /** What the public topics have said since the last call, in the order of log time. */
  catchUp(): Promise<{
    readonly lines: readonly StoryLine[]
    readonly deployments: readonly DeploymentEvent[]
  }>
  readonly incidents: readonly Incident[]
  readonly counts: { readonly requests: number; readonly promotions: number; readonly rejections: number }
  close(): Promise<void>
}

type Said =
  | { readonly kind: 'drift'; readonly event: DriftEvent }
  | { readonly kind: 'request'; readonly event: RetrainRequest }
  | { readonly kind: 'deployment'; readonly event: DeploymentEvent }

/**
 * Reads what driftstream published, as anyone could, and holds it against what is known to have happened.
 * It sees nothing that is not on a topic.
 */
export async function openWitness(
  log: Log,
  topics: { readonly driftEvents: string; readonly retrainRequests: string; readonly deployments: string },
  known: readonly KnownIncident[],
): Promise<Witness> {
  const follower = await log.follow([topics.driftEvents, topics.retrainRequests, topics.deployments])
  return new TopicWitness(follower, topics, known)
}

class TopicWitness implements Witness {
  readonly counts = { requests: 0, promotions: 0, rejections: 0 }
  readonly #follower: Follower
  readonly #topics: { readonly driftEvents: string; readonly retrainRequests: string }
  readonly #witnessed: Witnessed[]
  /** Episode of each request, to know which incident a deployment answers. */
  readonly #requests = new Map<string, RetrainRequest>()

  constructor(
    follower: Follower,
    topics: { readonly driftEvents: string; readonly retrainRequests: string },
    known: readonly KnownIncident[],
  ) {
    this.#follower = follower
    this.#topics = topics
    this.#witnessed = known.map((incident) => ({ ...unseen(incident.name), known: incident }))
  }

  get incidents(): readonly Incident[] {
    return this.#witnessed.map(({ known, name, detectedAt, resolvedAt, diagnosis, action }) => ({
      name,
      planted: known?.planted ?? false,
      startedAt: known?.startedAt ?? null,
      detectedAt,
      resolvedAt,
      diagnosis,
      action,
      expected: known?.expected ?? null,
    }))
  }

  async catchUp() {
    const said: { timestamp: number; what: Said }[] = []
    for (const batch of await this.#follower.catchUp()) {
      for (const { timestamp, value, headers } of batch.records) {
        said.push({ timestamp, what: this.#decode(batch.topic, value, headers) })
      }
    }
    said.sort((a, b) => a.timestamp - b.timestamp)
    const lines = said.flatMap(({ what }) => this.#hear(what))
    const deployments = said.flatMap(({ what }) => (what.kind === 'deployment' ? [what.event] : []))
    return { lines, deployments }
  }

  close(): Promise<void> {
    return this.#follower.close()
  }

  #decode(topic: string, value: Uint8Array | null, headers: Parameters<typeof decodeCloudEvent>[2]): Said {
    if (topic === this.#topics.driftEvents) {
      return { kind: 'drift', event: decodeCloudEvent(driftEventType, value, headers) }
    }
    if (topic === this.#topics.retrainRequests) {
      return { kind: 'request', event: decodeCloudEvent(retrainRequestType, value, headers) }
    }
    return { kind: 'deployment', event: decodeCloudEvent(deploymentEventType, value, headers) }
  }

  #hear(said: Said): StoryLine[] {
    if (said.kind === 'drift') return [this.#hearDrift(said.event)]
    if (said.kind === 'request') return [this.#hearRequest(said.event)]
    return this.#hearDeployment(said.event)
  }

  #hearDrift(event: DriftEvent): StoryLine {
    const incident = this.#incidentOf(event)
    const planted = incident.known?.planted ?? false
    if (event.state === 'resolved') {
      incident.resolvedAt = event.at
      return { at: event.at, kind: 'resolved', planted, text: `${event.concern}: ${event.summary}` }
    }
    // Another diagnosis may be about another cause: from then on the episode is that one's.
    for (const { episodes } of this.#witnessed) episodes.delete(event.episodeId)
    incident.episodes.add(event.episodeId)
    incident.detectedAt ??= event.at
    incident.diagnosis = event.diagnosis
    incident.resolvedAt = null
    const text = `${event.concern}: ${event.diagnosis} (${event.summary})`
    return { at: event.at, kind: 'alarm', planted, text }
  }

  #hearRequest(event: RetrainRequest): StoryLine {
    this.counts.requests++
    this.#requests.set(event.id, event)
    const incident = this.#answeredBy(event.episodeId)
    if (incident?.action === 'none') incident.action = 'requested'
    const held = event.suppressed.reduce((sum, { count }) => sum + count, 0)
    const text = `retrain of version ${event.version}: ${event.trigger.reason}; held back ${held} times before`
    return { at: event.at, kind: 'request', planted: incident?.known?.planted ?? false, text }
  }

  #hearDeployment(event: DeploymentEvent): StoryLine[] {
    // Topics become visible one by one: a deployment may be read before the request it answers.
    if (event.request !== null) this.#requests.set(event.requestId, event.request)
    const request = this.#requests.get(event.requestId)
    const incident = this.#answeredBy(request?.episodeId ?? null)
    const planted = incident?.known?.planted ?? false
    const line = (kind: StoryLine['kind'], text: string): StoryLine[] => [
      { at: event.at, kind, planted, text },
    ]
    switch (event.stage) {
      case 'training':
        return line(
          'training',
          `version ${event.toVersion} is being trained; the stream stands still meanwhile`,
        )
      case 'promoted':
        this.counts.promotions++
        if (incident !== undefined) incident.action = 'promoted'
        return line('promoted', `version ${event.toVersion} serves: ${decisive(event)}`)
      case 'rejected':
      case 'failed':
      case 'refused':
        this.counts.rejections++
        if (incident !== undefined) incident.action = 'rejected'
        return line(
          'rejected',
          `version ${event.toVersion} ${event.stage}: ${event.reason}; ${decisive(event)}`,
        )
      default:
        return []
    }
  }

  #answeredBy(episodeId: string | null): Witnessed | undefined {
    return episodeId === null ? undefined : this.#witnessed.find(({ episodes }) => episodes.has(episodeId))
  }

  /**
   * The incident an alarm belongs to, by time alone and never by whether the diagnosis is right: the latest
   * to have begun that is still going on (or just over) and has not been answered by a promotion. Data
   * alarms belong to data incidents first, performance alarms to the others. No cause: a false alarm.
   */
  #incidentOf(event: DriftEvent): Witnessed {
    const mine = this.#witnessed.find(({ episodes }) => episodes.has(event.episodeId))
    // An episode that goes on is told again only when its diagnosis has changed.
    const shownAt = event.state === 'ongoing' ? event.at : event.detectedAt
    const open = this.#witnessed.filter(
      ({ known, action }) =>
        known !== null &&
        action !== 'promoted' &&
        known.startedAt <= shownAt &&
        event.at < known.endsAt + TRAIL_MS,
    )
    const ofConcern = open.filter(
      ({ known }) => (known!.expected === 'fix-data') === (event.concern === 'data'),
    )
    const broken = open.filter(
      ({ known }) => known!.expected === 'fix-data' && event.diagnosis === 'fix-data',
    )
    const latest = [...broken, ...ofConcern].sort((a, b) => b.known!.startedAt - a.known!.startedAt)[0]
    if (event.state === 'resolved') return mine ?? latest ?? this.#falseAlarm(event)
    return latest ?? mine ?? this.#falseAlarm(event)
  }

  #falseAlarm(event: DriftEvent): Witnessed {
    const alarm = { ...unseen(`${event.concern} alarm`), known: null }
    this.#witnessed.push(alarm)
    return alarm
  }
}

function unseen(name: string): Omit<Witnessed, 'known'> {
  return { name, episodes: new Set(), detectedAt: null, resolvedAt: null, diagnosis: null, action: 'none' }
}

/** The gate that decided, with its numbers: the first that failed, else the last. */
function decisive(event: DeploymentEvent): string {
  const gate = event.gates.find(({ passed }) => !passed) ?? event.gates.at(-1)
  if (gate === undefined) return 'no gate was opened'
  const { message, value, lower, upper, threshold } = gate
  const interval = lower === null || upper === null ? '' : ` (${decimal(lower)} to ${decimal(upper)})`
  return `${message}: ${decimal(value)}${interval}, expected ${decimal(threshold)} or better`
}

function decimal(value: number | null): string {
  return value === null ? '-' : String(Math.round(value * 1e4) / 1e4)
}
