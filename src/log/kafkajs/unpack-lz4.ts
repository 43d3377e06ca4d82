import { RepeatingOutput } from './back-references.ts'
import { malformed } from './wire-reader.ts'

const MAGIC = 0x184d2204
const VERSION_MASK = 0xc0
const VERSION = 0x40
const BLOCK_CHECKSUM = 0x10
const CONTENT_SIZE = 0x08
const DICTIONARY_ID = 0x01
const STORED = 0x8000_0000
const REPEAT_MIN = 4

/**
 * Unpacks the LZ4 frame of a record batch. Checksums are not compared.
 *
 * Source: LZ4 frame format 1.6 and block format, github.com/lz4/lz4/tree/dev/doc.
 * @throws BATCH_UNDECODABLE when it is no frame, or unpacks to more than `bytesMax`
 */
export function unpackLz4(packed: Buffer, bytesMax: number): Buffer {
  let at = afterFrameHeader(packed)
  const blockChecksumBytes = (packed[4]! & BLOCK_CHECKSUM) === 0 ? 0 : 4
  const output = new RepeatingOutput(packed.length * 4, bytesMax)
  for (;;) {
    const size = uint32(packed, at)
    at += 4
    // The end mark; what may follow is the checksum of the whole.
    if (size === 0) return output.finished()
    const isStored = size >= STORED
    const length = isStored ? size - STORED : size
    if (length > packed.length - at) throw malformed(`an LZ4 block of ${length} bytes`, packed.length - at)
    if (isStored) output.literal(packed, at, length)
    else unpackBlock(packed.subarray(at, at + length), output)
    at += length + blockChecksumBytes
  }
}

function afterFrameHeader(packed: Buffer): number {
  if (packed.length < 7 || packed.readUInt32LE(0) !== MAGIC) throw malformed('an LZ4 frame', 'other bytes')
  const flags = packed[4]!
  if ((flags & VERSION_MASK) !== VERSION) throw malformed('version 1 of the LZ4 frame', flags >>> 6)
  if ((flags & DICTIONARY_ID) !== 0) throw malformed('an LZ4 frame without a dictionary', flags)
  // Magic, flags, block descriptor, header checksum.
  return 4 + 1 + 1 + ((flags & CONTENT_SIZE) === 0 ? 0 : 8) + 1
}

function unpackBlock(block: Buffer, output: RepeatingOutput): void {
  let at = 0
  /** Lengths of 15 and more go on in further bytes, as long as those are 255. */
  const extended = (length: number): number => {
    let total = length
    if (length < 15) return total
    for (let byte = 255; byte === 255; total += byte) {
      if (at >= block.length) throw malformed('a length', 'the end of an LZ4 block')
      byte = block[at++]!
    }
    return total
  }
  while (at < block.length) {
    const token = block[at++]!
    const literals = extended(token >>> 4)
    output.literal(block, at, literals)
    at += literals
    // The last sequence of a block has literals alone.
    if (at === block.length) return
    if (at + 2 > block.length) throw malformed('a distance', 'the end of an LZ4 block')
    const distance = block.readUInt16LE(at)
    at += 2
    output.repeat(distance, extended(token & 0x0f) + REPEAT_MIN)
  }
}

function uint32(bytes: Buffer, at: number): number {
  if (at + 4 > bytes.length) throw malformed('an LZ4 block or the end mark', 'the end')
  return bytes.readUInt32LE(at)
}
