import { DriftstreamError } from '../../errors/driftstream-error.ts'
import { withLogicalType } from './avro-logical.ts'
import { ByteCursor } from './byte-cursor.ts'
import { setOwn } from './own-property.ts'

type Read = (from: ByteCursor) => unknown
type Schema = Readonly<Record<string, unknown>>

/**
 * From bytes of Avro to the value that JSON would have had: records and maps are objects, an enum is its
 * symbol, a union the value of its branch, bytes are base64. Written here because a reader for chance bytes
 * must hold every length against the bytes there are: a count in an array of eight bytes can ask for a
 * gigabyte.
 *
 * `references` are the schemas that this one names, each after those it names itself.
 * Source: Apache Avro 1.12 specification, "Binary Encoding" and "Names".
 * @throws SCHEMA_INVALID; what is returned throws EVENT_UNDECODABLE, for bytes left over too
 */
export function compileAvro(text: string, references: readonly string[]): (payload: Uint8Array) => unknown {
  const read = compileAll([...references, text])
  return (payload) => {
    const from = new ByteCursor(payload)
    const value = read(from)
    if (from.left > 0) throw from.malformed('the end', `${from.left} more bytes`)
    return value
  }
}

/** The reader of the last of them. */
function compileAll(texts: readonly string[]): Read {
  const names = new Map<string, { read: Read }>()
  try {
    return texts.map((text) => compile(parseSchema(text), '', names)).at(-1)!
  } catch (error) {
    if (error instanceof DriftstreamError) throw error
    // No object where a field must be one, or lists within lists past what the stack holds.
    throw new DriftstreamError('SCHEMA_INVALID', `Avro: ${(error as Error).message}`, {}, { cause: error })
  }
}

function parseSchema(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A bare name is a schema too, and some registries hand it out without its quotes.
    return text
  }
}

const PRIMITIVES: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['null', () => null],
  ['boolean', readBoolean],
  ['int', (from) => from.int()],
  ['long', (from) => from.long()],
  ['float', (from) => from.float()],
  ['double', (from) => from.double()],
  ['string', (from) => from.text(from.size('a text'))],
  ['bytes', (from) => from.bytes(from.size('bytes'))],
])

function readBoolean(from: ByteCursor): boolean {
  const byte = from.byte()
  if (byte > 1) throw from.malformed('0 or 1', String(byte))
  return byte === 1
}

type Names = Map<string, { read: Read }>

function compile(schema: unknown, namespace: string, names: Names): Read {
  if (typeof schema === 'string') return named(schema, namespace, names)
  if (Array.isArray(schema)) return union(schema, namespace, names)
  if (typeof schema !== 'object' || schema === null) throw invalid('a name, a list or an object', schema)
  const { type } = schema as Schema
  if (typeof type !== 'string') return compile(type, namespace, names)
  return compileObject(schema as Schema, type, namespace, names)
}

function compileObject(schema: Schema, type: string, namespace: string, names: Names): Read {
  if (type === 'array') return array(compile(schema.items, namespace, names))
  if (type === 'map') return map(compile(schema.values, namespace, names))
  const primitive = PRIMITIVES.get(type)
  if (primitive !== undefined) return meant(schema, primitive)
  if (type !== 'record' && type !== 'error' && type !== 'enum' && type !== 'fixed') {
    return named(type, namespace, names)
  }
  const name = fullName(schema, namespace)
  // Known before its fields are: they may name it.
  const holder: { read: Read } = { read: () => null }
  names.set(name, holder)
  if (type === 'enum') holder.read = enumeration(schema.symbols)
  else if (type === 'fixed') holder.read = meant(schema, fixed(schema.size))
  else holder.read = record(schema.fields, namespaceOf(name), names)
  return holder.read
}

/** What its logical type says it means; bytes without one are text. */
function meant(schema: Schema, read: Read): Read {
  const logical = withLogicalType(schema, read)
  return logical === read && (schema.type === 'bytes' || schema.type === 'fixed') ? asText(read) : logical
}

/** By name bytes are text as well. */
function named(name: string, namespace: string, names: Names): Read {
  const primitive = PRIMITIVES.get(name)
  if (primitive !== undefined) return name === 'bytes' ? asText(primitive) : primitive
  const known = names.get(name.includes('.') || namespace === '' ? name : `${namespace}.${name}`)
  const holder = known ?? names.get(name)
  if (holder === undefined) throw invalid('a type that is known', name)
  return (from) => holder.read(from)
}

function asText(read: Read): Read {
  return (from) => (read(from) as Buffer).toString('base64')
}

function record(fields: unknown, namespace: string, names: Names): Read {
  if (!Array.isArray(fields)) throw invalid('a list of fields', fields)
  const keys = fields.map(({ name }: Schema) => String(name))
  const reads = fields.map(({ type }: Schema) => compile(type, namespace, names))
  // Written into copies of one object, since properties that are added one by one soon live in a slow table.
  const empty = JSON.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, 0])))) as object
  return (from) => {
    from.enter()
    const value: Record<string, unknown> = { ...empty }
    for (let at = 0; at < keys.length; at++) value[keys[at]!] = reads[at]!(from)
    from.leave()
    return value
  }
}

function union(branches: readonly unknown[], namespace: string, names: Names): Read {
  const reads = branches.map((branch) => compile(branch, namespace, names))
  return (from) => {
    const index = from.long()
    const read = reads[index as number]
    if (read === undefined) throw from.malformed(`one of ${reads.length} branches`, String(index))
    return read(from)
  }
}

function enumeration(symbols: unknown): Read {
  if (!Array.isArray(symbols)) throw invalid('a list of symbols', symbols)
  return (from) => {
    const index = from.long()
    const symbol: unknown = symbols[index as number]
    if (symbol === undefined) throw from.malformed(`one of ${symbols.length} symbols`, String(index))
    return symbol
  }
}

function fixed(size: unknown): Read {
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw invalid('a size', size)
  return (from) => from.bytes(size)
}

function array(item: Read): Read {
  return (from) => {
    from.enter()
    const items: unknown[] = []
    for (let count = block(from); count > 0; count = block(from)) {
      for (let left = count; left > 0; left--) items.push(item(from))
    }
    from.leave()
    return items
  }
}

function map(value: Read): Read {
  return (from) => {
    from.enter()
    const entries: Record<string, unknown> = {}
    for (let count = block(from); count > 0; count = block(from)) {
      for (let left = count; left > 0; left--) setOwn(entries, from.text(from.size('a key')), value(from))
    }
    from.leave()
    return entries
  }
}

/** How many items follow. */
function block(from: ByteCursor): number {
  const count = from.long()
  if (count >= 0) return from.items(count)
  // Their bytes follow, for whoever wants to pass over them.
  from.long()
  return from.items(-count)
}

function fullName({ name, namespace: own }: Schema, namespace: string): string {
  if (typeof name !== 'string') throw invalid('a name', name)
  if (name.includes('.')) return name
  const space = typeof own === 'string' ? own : namespace
  return space === '' ? name : `${space}.${name}`
}

function namespaceOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')))
}

function invalid(expected: string, got: unknown): DriftstreamError {
  const text = JSON.stringify(got) ?? String(got)
  return new DriftstreamError('SCHEMA_INVALID', `Avro: expected ${expected}, got ${text.slice(0, 60)}`)
}
