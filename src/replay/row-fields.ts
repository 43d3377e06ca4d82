import type { FeatureEvent, FeatureValue } from '../events/feature-event.ts'
import { featureEvent } from '../events/feature-event.ts'
import { type LabelEvent, labelEvent } from '../events/label-event.ts'
import type { Mapping } from '../events/mapping.ts'
import { parseEvent } from '../events/parse-event.ts'
import type { FileRow } from '../files/file-row.ts'

/** What a row that does not say it is about. Rows without an id are called by their number. */
export interface RowDefaults {
  readonly model: string | null
  readonly version: string | null
  /** Labels stand in the rows of their predictions, and are known so long after them; null: in rows of their own. */
  readonly labelDelayMs: number | null
}

/**
 * From a row's object to a feature event. A field stands at the path of the mapping, or in a column that is
 * called as the path is written; features stand in an object of their own, or are the columns that nothing
 * else claims.
 * @throws EVENT_INVALID
 */
export function featureEventOf(
  row: FileRow,
  number: number,
  mapping: Mapping,
  defaults: RowDefaults,
): FeatureEvent {
  const { feature, label } = mapping
  const features = fieldOf(row, feature.features)
  return parseEvent(featureEvent, {
    model: fieldOf(row, feature.model) ?? defaults.model,
    version: fieldOf(row, feature.version) ?? defaults.version,
    id: fieldOf(row, feature.id) ?? String(number),
    at: fieldOf(row, feature.at),
    prediction: fieldOf(row, feature.prediction),
    ...present('score', fieldOf(row, feature.score)),
    ...present('segment', fieldOf(row, feature.segment)),
    features:
      typeof features === 'object' && features !== null
        ? features
        : unclaimed(row, claimedColumns({ feature, label })),
  })
}

/**
 * From a row's object to a label event; null where labels stand beside predictions and this one has none.
 * @throws EVENT_INVALID
 */
export function labelEventOf(
  row: FileRow,
  number: number,
  { label }: Mapping,
  defaults: RowDefaults,
): LabelEvent | null {
  const said = fieldOf(row, label.label)
  if (said === undefined && defaults.labelDelayMs !== null) return null
  const event = parseEvent(labelEvent, {
    model: fieldOf(row, label.model) ?? defaults.model,
    id: fieldOf(row, label.id) ?? String(number),
    at: fieldOf(row, label.at),
    label: said,
  })
  return { ...event, at: event.at + (defaults.labelDelayMs ?? 0) }
}

/** Columns that are no features, by the paths of the mapping. */
export function claimedColumns({ feature, label }: Mapping): ReadonlySet<string> {
  const { features: _, ...fields } = feature
  return new Set([...Object.values(fields), ...Object.values(label)])
}

/** What stands at a path of a row, or in the column of that name; undefined where nothing does, or null. */
export function fieldOf(row: FileRow, path: string): unknown {
  if (Object.hasOwn(row, path)) return row[path] ?? undefined
  let at: unknown = row
  for (const step of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as FileRow)[step]
  }
  return at ?? undefined
}

function unclaimed(row: FileRow, claimed: ReadonlySet<string>): Record<string, FeatureValue> {
  const features: Record<string, FeatureValue> = Object.create(null)
  for (const name of Object.keys(row)) {
    if (!claimed.has(name)) features[name] = row[name] as FeatureValue
  }
  return features
}

function present(field: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [field]: value }
}
