import type { FeatureEvent } from '../events/feature-event.ts'
import type { ByteReader } from '../sketches/byte-reader.ts'
import type { ByteWriter } from '../sketches/byte-writer.ts'

type Value = FeatureEvent['prediction'] | FeatureEvent['score']

const NUMBER = 0
const TEXT = 1
const TRUE = 2
const FALSE = 3
const ABSENT = 4
const BY_CLASS = 5

/** Writes a prediction or a score so that `readValue` gives back the same: class names may be any text. */
export function writeValue(writer: ByteWriter, value: Value): void {
  if (typeof value === 'number') {
    writer.byte(NUMBER)
    writer.float64(value)
  } else if (typeof value === 'string') {
    writer.byte(TEXT)
    writer.text(value)
  } else if (typeof value === 'boolean') writer.byte(value ? TRUE : FALSE)
  else if (value === undefined) writer.byte(ABSENT)
  else {
    const entries = Object.entries(value)
    writer.byte(BY_CLASS)
    writer.varint(entries.length)
    for (const [name, score] of entries) {
      writer.text(name)
      writer.float64(score)
    }
  }
}

/** @throws DELTA_UNDECODABLE for bytes that `writeValue` does not write */
export function readValue(reader: ByteReader): Value {
  const kind = reader.byte()
  if (kind === NUMBER) return reader.float64()
  if (kind === TEXT) return reader.text()
  if (kind === TRUE || kind === FALSE) return kind === TRUE
  if (kind === ABSENT) return undefined
  if (kind !== BY_CLASS) throw reader.fault('a kind of value', String(kind))
  const entries: [string, number][] = []
  const count = reader.listLength(9, 'classes')
  for (let at = 0; at < count; at++) entries.push([reader.text(), reader.float64()])
  // Not by assignment: a class may be called `__proto__`.
  return Object.fromEntries(entries)
}
