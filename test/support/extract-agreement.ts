import { createJsonDecoder } from '../../src/events/decode-source-event.ts'
import type { Attempts } from '../../src/events/extract/back-off.ts'
import { createFeatureExtractor } from '../../src/events/extract/feature-extractor.ts'
import { createLabelExtractor } from '../../src/events/extract/label-extractor.ts'
import type { FeatureEvent } from '../../src/events/feature-event.ts'
import type { Mapping } from '../../src/events/mapping.ts'

/** What came out of a record, in a form that compares to the last bit: an event's fields, or its refusal. */
type Outcome = readonly unknown[]

/** Reads every record, however hopeless. */
export const ALWAYS: Attempts = { next: () => true, settle: () => {}, hopeless: false }

/** Compares extractors with the decoder of the same mapping, record by record. */
export interface Agreement {
  /** Null where both say the same, otherwise what each says. */
  feature(record: Uint8Array): string | null
  label(record: Uint8Array): string | null
  /** Feature and label records that were read without parsing. */
  readonly readCount: number
  /** Records the decoder refused. */
  readonly refusedCount: number
}

export function createAgreement(
  mapping: Mapping,
  selections: readonly (readonly string[])[],
  attempts: Attempts = ALWAYS,
): Agreement {
  const decoder = createJsonDecoder(mapping)
  const features = createFeatureExtractor(mapping, attempts)
  const labels = createLabelExtractor(mapping, attempts)
  let refusedCount = 0

  const refusal = (error: unknown): Outcome => {
    const { code, message } = error as { code: unknown; message: string }
    return ['refused', code, message]
  }
  const outcomeOf = (fields: () => Outcome): Outcome => {
    try {
      return fields()
    } catch (error) {
      return refusal(error)
    }
  }
  const compare = (expected: Outcome, actual: Outcome): string | null => {
    if (expected[0] === 'refused') refusedCount++
    const same =
      expected.length === actual.length && expected.every((value, index) => Object.is(value, actual[index]))
    return same ? null : `expected ${shown(expected)}\n  actual ${shown(actual)}`
  }

  return {
    feature(record) {
      const expected = outcomeOf(() => {
        const event = decoder.feature(record)
        return [...fieldsOf(event), ...selections.flatMap((names) => valuesOf(event.features, names))]
      })
      const actual = outcomeOf(() => {
        const event = features.extract(record)
        return [
          ...fieldsOf(event),
          ...selections.flatMap((names) => {
            const { values, others } = event.features.valuesOf(names)
            return [...values, others]
          }),
        ]
      })
      return compare(expected, actual)
    },
    label(record) {
      const fields = ({ model, id, at, label }: ReturnType<typeof decoder.label>): Outcome => [
        model,
        id,
        at,
        label,
      ]
      return compare(
        outcomeOf(() => fields(decoder.label(record))),
        outcomeOf(() => fields(labels.extract(record))),
      )
    },
    get readCount() {
      return features.readCount + labels.readCount
    },
    get refusedCount() {
      return refusedCount
    },
  }
}

function fieldsOf(event: Omit<FeatureEvent, 'features' | 'segment'>): Outcome {
  const { model, version, id, at, prediction, score } = event
  const scores = typeof score === 'object' ? Object.entries(score).flat() : []
  return [model, version, id, at, prediction, typeof score === 'object' ? 'by class' : score, ...scores]
}

function valuesOf(features: FeatureEvent['features'], names: readonly string[]): Outcome {
  const known = names.filter((name) => Object.hasOwn(features, name)).length
  const values = names.map((name) => (Object.hasOwn(features, name) ? features[name] : undefined))
  return [...values, Object.keys(features).length - known]
}

function shown(outcome: Outcome): string {
  return `[${outcome.map((value) => (typeof value === 'string' ? JSON.stringify(value) : Object.is(value, -0) ? '-0' : String(value))).join(', ')}]`
}
