import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { SourceDecoder } from '../events/decode-source-event.ts'
import type { FeatureEvent } from '../events/feature-event.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { TrainingRange } from '../events/retrain-request.ts'
import { stableId } from '../events/stable-id.ts'
import type { Log } from '../log/port.ts'
import type { SchemaTable } from '../registry/schema-table.ts'

/** One labelled event of the training range, with what the version that served it had predicted. */
export interface LabelledRow {
  readonly id: string
  readonly at: number
  readonly version: string
  readonly features: FeatureEvent['features']
  readonly prediction: FeatureEvent['prediction']
  readonly score: FeatureEvent['score']
  readonly segment: FeatureEvent['segment']
  readonly label: LabelEvent['label']
}

/** What the log holds of a training range and of the time before it. */
export interface TrainingRows {
  /** Labelled events of the range, in event-time order, then by id. */
  readonly rows: readonly LabelledRow[]
  /** All events of the range, labelled or not. */
  readonly events: number
  /** A sample of the labelled events of before the range that the champion served, in the same order. */
  readonly oldRegime: readonly LabelledRow[]
}

export interface TrainingRowsOptions {
  readonly model: string
  /** The version whose answers to older events are of interest. */
  readonly champion: string
  readonly topics: { readonly features: string; readonly labels: string }
  /** Most events of before the range. */
  readonly oldRegimeRows: number
}

/** More rows than this are not held in memory: the request fails with the number. */
const TRAINING_ROWS_MAX = 5_000_000

/**
 * Reads a training range back from the log: the events whose time lies in the range, joined with their
 * labels. Events that cannot be decoded went to the dead letters when they were first read and are passed
 * over here; of a repeated prediction or label the first counts, of a prediction that a candidate made in
 * shadow the champion's.
 *
 * The time before the range is looked for in as many records before its offsets as it has itself. Of what is
 * found there those stay whose ids hash lowest: the same ones at every reading, spread over all of it.
 * @throws TRAINING_RANGE_TOO_LARGE for more than five million events; SCHEMA_REGISTRY_UNAVAILABLE
 */
export async function readTrainingRows(
  log: Log,
  range: TrainingRange,
  options: TrainingRowsOptions,
  decoder: SourceDecoder,
  schemas?: SchemaTable,
): Promise<TrainingRows> {
  const { model, champion, topics, oldRegimeRows } = options
  const features = new Map<string, FeatureEvent>()
  const labels = new Map<string, LabelEvent['label']>()
  const older = new LowestHashes(oldRegimeRows)
  const offsets = range.offsets.map((each) => ({
    ...each,
    from: oldRegimeRows === 0 ? each.from : Math.max(0, 2 * each.from - each.to),
  }))
  for await (const batch of log.read(offsets)) {
    await schemas?.settled(batch.records)
    for (const { value } of batch.records) {
      if (batch.topic === topics.features) {
        const event = decoded(() => decoder.feature(value))
        if (event?.model !== model || event.at >= range.toMs) continue
        if (event.at < range.fromMs) {
          if (event.version === champion) older.add(event)
        } else if (isFirstOrChampions(features.get(event.id), event, champion)) features.set(event.id, event)
      } else {
        const event = decoded(() => decoder.label(value))
        if (event?.model === model && !labels.has(event.id)) labels.set(event.id, event.label)
      }
    }
    if (features.size > TRAINING_ROWS_MAX) {
      throw new DriftstreamError(
        'TRAINING_RANGE_TOO_LARGE',
        `expected a training range of at most ${TRAINING_ROWS_MAX} events, got more`,
        { model },
      )
    }
  }
  return {
    rows: labelled(features.values(), labels),
    events: features.size,
    oldRegime: labelled(older.events(), labels),
  }
}

/** Of several versions' answers to one event that of the champion counts, else the first. */
function isFirstOrChampions(known: FeatureEvent | undefined, event: FeatureEvent, champion: string): boolean {
  return known === undefined || (event.version === champion && known.version !== champion)
}

function labelled(
  events: Iterable<FeatureEvent>,
  labels: ReadonlyMap<string, LabelEvent['label']>,
): LabelledRow[] {
  const rows: LabelledRow[] = []
  for (const { id, at, version, features, prediction, score, segment } of events) {
    const label = labels.get(id)
    if (label !== undefined) rows.push({ id, at, version, features, prediction, score, segment, label })
  }
  return rows.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
}

/** Of all events added, those whose ids hash lowest; never holds more than twice as many. */
class LowestHashes {
  readonly #most: number
  readonly #events = new Map<string, { readonly hash: string; readonly event: FeatureEvent }>()

  constructor(most: number) {
    this.#most = most
  }

  add(event: FeatureEvent): void {
    if (this.#events.has(event.id)) return
    this.#events.set(event.id, { hash: stableId(event.id), event })
    if (this.#events.size > 2 * this.#most) this.#prune()
  }

  events(): FeatureEvent[] {
    this.#prune()
    return [...this.#events.values()].map(({ event }) => event)
  }

  #prune(): void {
    const ranked = [...this.#events].sort(([, a], [, b]) => (a.hash < b.hash ? -1 : 1))
    for (const [id] of ranked.slice(this.#most)) this.#events.delete(id)
  }
}

function decoded<T>(decode: () => T): T | null {
  try {
    return decode()
  } catch (error) {
    if (error instanceof DriftstreamError && error.fate === 'dead-letter') return null
    throw error
  }
}
