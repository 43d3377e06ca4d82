import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { SourceDecoder } from '../events/decode-source-event.ts'
import type { FeatureEvent } from '../events/feature-event.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { TrainingRange } from '../events/retrain-request.ts'
import type { Log } from '../log/port.ts'

/** One labelled event of the training range, with what the version that served it had predicted. */
export interface LabelledRow {
  readonly id: string
  readonly at: number
  readonly version: string
  readonly features: FeatureEvent['features']
  readonly prediction: FeatureEvent['prediction']
  readonly score: FeatureEvent['score']
  readonly label: LabelEvent['label']
}

/** More rows than this are not held in memory: the request fails with the number. */
const TRAINING_ROWS_MAX = 5_000_000

/**
 * Reads a training range back from the log: the events whose time lies in the range, joined with their
 * labels, in event-time order (then by id). Events that cannot be decoded went to the dead letters when
 * they were first read and are passed over here; of a repeated prediction or label the first counts.
 */
export async function readTrainingRows(
  log: Log,
  range: TrainingRange,
  model: string,
  topics: { readonly features: string; readonly labels: string },
  decoder: SourceDecoder,
): Promise<LabelledRow[]> {
  const features = new Map<string, FeatureEvent>()
  const labels = new Map<string, LabelEvent['label']>()
  for await (const batch of log.read(range.offsets)) {
    for (const { value } of batch.records) {
      if (batch.topic === topics.features) {
        const event = decoded(() => decoder.feature(value))
        if (event?.model !== model || event.at < range.fromMs || event.at >= range.toMs) continue
        if (!features.has(event.id)) features.set(event.id, event)
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
  const rows: LabelledRow[] = []
  for (const { id, at, version, features: values, prediction, score } of features.values()) {
    const label = labels.get(id)
    if (label !== undefined) rows.push({ id, at, version, features: values, prediction, score, label })
  }
  return rows.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
}

function decoded<T>(decode: () => T): T | null {
  try {
    return decode()
  } catch (error) {
    if (error instanceof DriftstreamError && error.fate === 'dead-letter') return null
    throw error
  }
}
