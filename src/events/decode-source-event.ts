import { DriftstreamError } from '../errors/driftstream-error.ts'
import { parseJson } from './cloud-event.ts'
import { type FeatureEvent, featureEvent, isFeatureRecord } from './feature-event.ts'
import { ID_LENGTH_MAX, MODEL_PATTERN, OUTCOME_LENGTH_MAX, VERSION_LENGTH_MAX } from './fields.ts'
import { decodeFramed, inJsonTerms, type KnownSchemas } from './framed/decode-framed.ts'
import { isFramed } from './framed/frame.ts'
import { type LabelEvent, labelEvent } from './label-event.ts'
import { createMapper, type Mapping } from './mapping.ts'
import { parseEvent } from './parse-event.ts'

/**
 * From a record's bytes to a source event: JSON, or what a schema registry's frame holds. It stands under the
 * extractors, which ask it for every record they do not read themselves.
 */
export interface SourceDecoder {
  /** @throws EVENT_UNDECODABLE, EVENT_INVALID, EVENT_TOO_LARGE; of a frame SCHEMA_REGISTRY_MISSING, SCHEMA_UNKNOWN, SCHEMA_INVALID */
  feature(value: Uint8Array | null): FeatureEvent
  /** The same. */
  label(value: Uint8Array | null): LabelEvent
}

/** A longer value is not parsed: one event must not hold the event loop for long. */
export const EVENT_BYTES_MAX = 1_048_576

/** Without a registry: what is framed is refused with a word about that. */
export function createJsonDecoder(mapping: Mapping): SourceDecoder {
  return createSourceDecoder(mapping, null)
}

/** `schemas` must know of every id that comes, or know why not; null where no registry is configured. */
export function createSourceDecoder(mapping: Mapping, schemas: KnownSchemas | null): SourceDecoder {
  const mapFeature = createMapper(mapping.feature)
  const mapLabel = createMapper(mapping.label)
  const read = (value: Uint8Array | null, map: (event: unknown) => unknown): unknown => {
    checkLength(value)
    return isFramed(value) ? inJsonTerms(map(decodeFramed(value, schemas))) : map(parseJson(value))
  }
  return {
    feature(value) {
      const event = read(value, mapFeature)
      return isCleanFeatureEvent(event) ? event : parseEvent(featureEvent, event)
    },
    label(value) {
      const event = read(value, mapLabel)
      return isCleanLabelEvent(event) ? event : parseEvent(labelEvent, event)
    },
  }
}

function checkLength(value: Uint8Array | null): void {
  if (value === null || value.length <= EVENT_BYTES_MAX) return
  throw new DriftstreamError(
    'EVENT_TOO_LARGE',
    `expected at most ${EVENT_BYTES_MAX} bytes, got ${value.length}`,
  )
}

/**
 * The schema again, by hand, for events that need no conversion: most of a clean stream, at a tenth of the
 * schema's cost. Whatever it does not accept goes through the schema, which alone may refuse; a property
 * test holds that everything accepted here is accepted there, unchanged.
 */
export function isCleanFeatureEvent(event: unknown): event is FeatureEvent {
  if (typeof event !== 'object' || event === null) return false
  const { model, version, id, at, features, prediction, score, segment } = event as Record<string, unknown>
  return (
    typeof model === 'string' &&
    MODEL_PATTERN.test(model) &&
    typeof version === 'string' &&
    version.length > 0 &&
    version.length <= VERSION_LENGTH_MAX &&
    isCleanId(id) &&
    Number.isFinite(at) &&
    isCleanOutcome(prediction) &&
    (score === undefined || Number.isFinite(score)) &&
    segment === undefined &&
    isFeatureRecord(features)
  )
}

export function isCleanLabelEvent(event: unknown): event is LabelEvent {
  if (typeof event !== 'object' || event === null) return false
  const { model, id, at, label } = event as Record<string, unknown>
  return (
    typeof model === 'string' &&
    MODEL_PATTERN.test(model) &&
    isCleanId(id) &&
    Number.isFinite(at) &&
    isCleanOutcome(label)
  )
}

function isCleanId(id: unknown): id is string {
  return typeof id === 'string' && id.length > 0 && id.length <= ID_LENGTH_MAX
}

function isCleanOutcome(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= OUTCOME_LENGTH_MAX
  return typeof value === 'number' ? Number.isFinite(value) : typeof value === 'boolean'
}
