import protobuf from 'protobufjs'
import { DriftstreamError } from '../../errors/driftstream-error.ts'
import { ByteCursor } from './byte-cursor.ts'
import { plainMessage } from './protobuf-values.ts'

/** The file that another one imports, under the name by which it does. */
export interface NamedSchema {
  readonly name: string
  readonly text: string
}

/** Messages within messages; a path is as long. */
const PATH_MAX = 32

/**
 * From bytes of Protobuf, behind the path of the message in its file, to the value that JSON would have had.
 * Names are those of the file, not in camel case.
 *
 * The path is a count and so many indexes, of a message among those beside it, as zigzag varints; a single 0
 * stands for the first message of the file.
 * Source: Confluent, "Formats, Serializers, and Deserializers for Schema Registry", wire format, Protobuf.
 * @throws SCHEMA_INVALID; what is returned throws EVENT_UNDECODABLE
 */
export function compileProtobuf(
  text: string,
  references: readonly NamedSchema[],
): (payload: Uint8Array) => unknown {
  const { root, messages } = readFiles(text, references)
  return (payload) => {
    const from = new ByteCursor(payload)
    const type = messageAt(readPath(from), messages, from)
    try {
      // Not the library's reader of choice: that one cuts a text short where the bytes end before it does.
      const reader = new WholeNumbers(payload.subarray(from.at))
      return plainMessage(type, type.decode(reader), root)
    } catch (cause) {
      throw from.malformed(`a message ${type.name}`, (cause as Error).message)
    }
  }
}

type Long = ReturnType<protobuf.Reader['int64']>

/** The library takes a 64-bit number that the bytes' end cuts off after three or four bytes for a whole one. */
class WholeNumbers extends protobuf.Reader {
  override int64(): Long {
    return this.#whole(super.int64())
  }

  override uint64(): Long {
    return this.#whole(super.uint64())
  }

  override sint64(): Long {
    return this.#whole(super.sint64())
  }

  #whole(value: Long): Long {
    // The last byte of a number is the one that says no other follows.
    if ((this.buf[this.pos - 1] ?? 0x80) < 0x80) return value
    throw new RangeError(`expected a whole number before byte ${this.pos}`)
  }
}

function readFiles(
  text: string,
  references: readonly NamedSchema[],
): { readonly root: protobuf.Root; readonly messages: readonly protobuf.Type[] } {
  try {
    // By itself first: in the common tree messages of several files of one package stand side by side.
    const alone = parse(text, new protobuf.Root())
    const root = new protobuf.Root()
    for (const name of wellKnown([text, ...references.map((each) => each.text)], references)) {
      root.addJSON(protobuf.common.get(name)!.nested!)
    }
    for (const reference of references) parse(reference.text, root)
    parse(text, root)
    root.resolveAll()
    const space = alone.root.lookup(alone.package ?? '') as protobuf.Namespace | null
    const messages = typesIn(space ?? alone.root).map(({ fullName }) => root.lookupType(fullName))
    return { root, messages }
  } catch (cause) {
    throw new DriftstreamError('SCHEMA_INVALID', `Protobuf: ${(cause as Error).message}`, {}, { cause })
  }
}

function parse(text: string, root: protobuf.Root): protobuf.IParserResult {
  return protobuf.parse(text, root, { keepCase: true })
}

/** Google's own files come with every compiler: no registry has them. */
function wellKnown(texts: readonly string[], references: readonly NamedSchema[]): Set<string> {
  const imported = texts.flatMap((text) => parse(text, new protobuf.Root()).imports ?? [])
  return new Set(
    imported.filter(
      (name) => protobuf.common.get(name) != null && !references.some((reference) => reference.name === name),
    ),
  )
}

function typesIn(space: protobuf.NamespaceBase): protobuf.Type[] {
  return space.nestedArray.filter((each) => each instanceof protobuf.Type)
}

function readPath(from: ByteCursor): readonly number[] {
  const count = from.size('a number of indexes')
  if (count === 0) return [0]
  if (count > PATH_MAX) throw from.malformed(`at most ${PATH_MAX} indexes`, String(count))
  return Array.from({ length: count }, () => Number(from.long()))
}

function messageAt(
  path: readonly number[],
  messages: readonly protobuf.Type[],
  from: ByteCursor,
): protobuf.Type {
  let among = messages
  let found: protobuf.Type | undefined
  for (const index of path) {
    found = among[index]
    if (found === undefined) throw from.malformed(`one of ${among.length} messages`, String(index))
    among = typesIn(found)
  }
  return found!
}
