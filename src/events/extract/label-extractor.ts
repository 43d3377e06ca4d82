import { type CopyableValue, viewOfValue } from '../copyable-value.ts'
import { createJsonDecoder, type SourceDecoder } from '../decode-source-event.ts'
import type { LabelEvent } from '../label-event.ts'
import type { Mapping } from '../mapping.ts'
import { type Attempts, BackOff } from './back-off.ts'
import { EventFields } from './event-fields.ts'
import { planEvent } from './event-plan.ts'
import { EventReader } from './event-reader.ts'
import { NO_SLOT } from './key-table.ts'

/** From a record's bytes to a label event without parsing it; see `FeatureExtractor`. */
export interface LabelExtractor {
  /**
   * One object, written anew by each call.
   * @throws what the decoder throws
   */
  extract(value: Uint8Array | CopyableValue | null): Readonly<LabelEvent>
  /** Records read without parsing so far. */
  readonly readCount: number
  /** Records decoded so far, those refused included. */
  readonly decodedCount: number
}

/**
 * `attempts` decides which records are worth reading; the default pauses where none was. `decoder` is asked
 * for the others.
 */
export function createLabelExtractor(
  mapping: Mapping,
  attempts: Attempts = new BackOff(),
  decoder: SourceDecoder = createJsonDecoder(mapping),
): LabelExtractor {
  const plan = planEvent({ ...mapping.label })
  const reader = new EventReader(plan)
  const fields = new EventFields(reader)
  const slotOf = (field: string): number => plan.slots.get(field) ?? NO_SLOT
  const [modelSlot, idSlot, atSlot, labelSlot] = [
    slotOf('model'),
    slotOf('id'),
    slotOf('at'),
    slotOf('label'),
  ]
  const event: LabelEvent = { model: '', id: '', at: 0, label: 0 }
  let readCount = 0
  let decodedCount = 0

  /** False where the schema would refuse a field, or has more to say about it. */
  const readFields = (): boolean => {
    const model = fields.model(modelSlot)
    const id = fields.id(idSlot)
    const at = fields.time(atSlot)
    const label = fields.outcome(labelSlot)
    if (model === null || id === null || label === null || Number.isNaN(at)) return false
    event.model = model
    event.id = id
    event.at = at
    event.label = label
    return true
  }

  return {
    extract(value) {
      if (value !== null && attempts.next()) {
        const read = reader.read(value) && readFields()
        attempts.settle(read)
        if (read) {
          readCount++
          return event
        }
      }
      decodedCount++
      const { model, id, at, label } = decoder.label(value === null ? null : viewOfValue(value))
      event.model = model
      event.id = id
      event.at = at
      event.label = label
      return event
    },
    get readCount() {
      return readCount
    },
    get decodedCount() {
      return decodedCount
    },
  }
}
