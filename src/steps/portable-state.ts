import { DriftstreamError } from '../errors/driftstream-error.ts'
import { RowSample } from '../sketches/reference-sample.ts'

/** Names the class of what stands in an instance's place; no field is called so. */
const CLASS = '\u0000class'
const ROW_SAMPLE = 'RowSample'

/**
 * A copy of plain data that a structured clone keeps whole: objects, arrays, maps, sets, typed arrays and
 * the few classes known here. Whatever else turns up is refused by its path, so that nothing of a state is
 * left behind unnoticed. Typed arrays are shared with the original; what is shared within it stays shared.
 * @throws STATE_IMPOSSIBLE for a function or an instance of another class
 */
export function portableCopy(value: unknown, path = 'state'): unknown {
  return copied(value, path, new Map(), toPortable)
}

/** What was copied, with its classes and with typed arrays of its own. */
export function revivedCopy(value: unknown): unknown {
  return copied(value, 'snapshot', new Map(), toLive)
}

/** What stands for a value whose inside is to be copied no further; undefined where it is to be. */
type Exchange = (value: object) => unknown

function toPortable(value: object): unknown {
  if (ArrayBuffer.isView(value)) return value
  return value instanceof RowSample ? { [CLASS]: ROW_SAMPLE, ...value.contents() } : undefined
}

function toLive(value: object): unknown {
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).slice()
  if (!Object.hasOwn(value, CLASS)) return undefined
  return RowSample.of(value as unknown as ReturnType<RowSample['contents']>)
}

function copied(value: unknown, path: string, known: Map<object, unknown>, exchange: Exchange): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw unportable(path, typeof value)
  if (typeof value !== 'object' || value === null) return value
  if (known.has(value)) return known.get(value)
  const exchanged = exchange(value)
  if (exchanged !== undefined) {
    known.set(value, exchanged)
    return exchanged
  }
  const inside = (part: unknown, name: unknown) => copied(part, `${path}.${String(name)}`, known, exchange)
  if (Array.isArray(value)) {
    const copy: unknown[] = []
    known.set(value, copy)
    for (const [index, part] of value.entries()) copy.push(inside(part, index))
    return copy
  }
  if (value instanceof Map) {
    const copy = new Map()
    known.set(value, copy)
    for (const [key, part] of value) copy.set(inside(key, 'key'), inside(part, key))
    return copy
  }
  if (value instanceof Set) {
    const copy = new Set()
    known.set(value, copy)
    for (const part of value) copy.add(inside(part, 'member'))
    return copy
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    throw unportable(path, `an instance of ${value.constructor.name}`)
  }
  const copy: Record<string, unknown> = {}
  known.set(value, copy)
  for (const [name, part] of Object.entries(value)) {
    // Fields are set as own ones, whatever they are called.
    Object.defineProperty(copy, name, {
      value: inside(part, name),
      configurable: true,
      enumerable: true,
      writable: true,
    })
  }
  return copy
}

function unportable(path: string, got: string): DriftstreamError {
  return new DriftstreamError('STATE_IMPOSSIBLE', `${path}: expected plain data, got ${got}`)
}
