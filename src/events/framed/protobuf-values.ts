import protobuf from 'protobufjs'
import { exact } from './byte-cursor.ts'
import { setOwn } from './own-property.ts'

/** A 64-bit integer as the library hands it out. */
interface Long {
  readonly high: number
  readonly low: number
  readonly unsigned: boolean
}

type Plain = Record<string, unknown>

/**
 * A decoded message as the value that JSON would have had. What is not on the wire has its default, except
 * where the field can be absent (`optional`, `oneof`, messages): then it is. Times are epoch milliseconds,
 * wrapped values stand for themselves, a Struct is the object it describes, bytes are base64.
 */
export function plainMessage(type: protobuf.Type, message: object, root: protobuf.Root): unknown {
  const convert = WELL_KNOWN.get(type.fullName)
  if (convert !== undefined) return convert(message as Plain, (kind, value) => inner(kind, value, root))
  const plain: Plain = {}
  for (const field of type.fieldsArray) {
    const value = fieldValue(field, message as Plain, root)
    if (value !== undefined) setOwn(plain, field.name, value)
  }
  return plain
}

function fieldValue(field: protobuf.Field, message: Plain, root: protobuf.Root): unknown {
  const isThere = Object.hasOwn(message, field.name)
  const value = message[field.name]
  if (field instanceof protobuf.MapField) {
    const entries: Plain = {}
    for (const [key, each] of Object.entries(isThere ? (value as Plain) : {})) {
      setOwn(entries, key, single(field, each, root))
    }
    return entries
  }
  if (field.repeated) return isThere ? (value as unknown[]).map((each) => single(field, each, root)) : []
  if (isThere) return single(field, value, root)
  const canBeAbsent =
    field.hasPresence || field.partOf !== null || field.resolvedType instanceof protobuf.Type
  return canBeAbsent ? undefined : single(field, field.typeDefault, root)
}

function single(field: protobuf.Field, value: unknown, root: protobuf.Root): unknown {
  const { resolvedType } = field
  if (resolvedType instanceof protobuf.Enum) return resolvedType.valuesById[value as number] ?? value
  if (resolvedType instanceof protobuf.Type) return plainMessage(resolvedType, value as object, root)
  if (field.type === 'bytes') return Buffer.from(value as Uint8Array).toString('base64')
  return typeof value === 'object' && value !== null ? ofLong(value as Long) : value
}

/** In BigInts only where no number is exact. */
function ofLong({ high, low, unsigned }: Long): number | bigint {
  const upper = unsigned ? high >>> 0 : high
  const number = upper * 2 ** 32 + (low >>> 0)
  return Number.isSafeInteger(number) ? number : exact((BigInt(upper) << 32n) | BigInt(low >>> 0))
}

function inner(kind: string, value: unknown, root: protobuf.Root): unknown {
  return plainMessage(root.lookupType(kind), value as object, root)
}

type Convert = (message: Plain, inner: (kind: string, value: unknown) => unknown) => unknown

function wrapped({ value }: Plain): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return typeof value === 'object' && value !== null ? ofLong(value as Long) : value
}

function timestamp({ seconds, nanos }: Plain): number {
  const whole = typeof seconds === 'object' && seconds !== null ? ofLong(seconds as Long) : seconds
  return 1_000 * Number(whole ?? 0) + Math.floor(Number(nanos ?? 0) / 1e6)
}

const STRUCT = 'google.protobuf.Struct'
const VALUE = 'google.protobuf.Value'
const LIST = 'google.protobuf.ListValue'

const WELL_KNOWN: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ['.google.protobuf.Timestamp', timestamp],
  ...['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32', 'Bool', 'String', 'Bytes'].map(
    (kind): [string, Convert] => [`.google.protobuf.${kind}Value`, wrapped],
  ),
  [
    `.${STRUCT}`,
    ({ fields }, inner) => {
      const plain: Plain = {}
      for (const [key, value] of Object.entries((fields ?? {}) as Plain))
        setOwn(plain, key, inner(VALUE, value))
      return plain
    },
  ],
  [`.${LIST}`, ({ values }, inner) => ((values ?? []) as unknown[]).map((value) => inner(VALUE, value))],
  [
    `.${VALUE}`,
    (message, inner) => {
      if (Object.hasOwn(message, 'numberValue')) return message.numberValue
      if (Object.hasOwn(message, 'stringValue')) return message.stringValue
      if (Object.hasOwn(message, 'boolValue')) return message.boolValue
      if (Object.hasOwn(message, 'structValue')) return inner(STRUCT, message.structValue)
      return Object.hasOwn(message, 'listValue') ? inner(LIST, message.listValue) : null
    },
  ],
])
