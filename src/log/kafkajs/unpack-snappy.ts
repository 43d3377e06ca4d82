import { RepeatingOutput } from './back-references.ts'
import { malformed } from './wire-reader.ts'

/** How the Java client frames Snappy blocks: a magic of 8 bytes, two version numbers, then length and block. */
const FRAME_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const FRAME_HEADER_BYTES = 16

/**
 * Unpacks the Snappy of a record batch: framed, as the Java client writes it, or one bare block, as clients
 * on librdkafka do.
 *
 * Source: format_description.txt of github.com/google/snappy; the frame of github.com/xerial/snappy-java.
 * @throws BATCH_UNDECODABLE when it is neither, or unpacks to more than `bytesMax`
 */
export function unpackSnappy(packed: Buffer, bytesMax: number): Buffer {
  const output = new RepeatingOutput(packed.length * 4, bytesMax)
  if (!packed.subarray(0, FRAME_MAGIC.length).equals(FRAME_MAGIC)) {
    unpackBlock(packed, output)
    return output.finished()
  }
  for (let at = FRAME_HEADER_BYTES; at < packed.length; ) {
    if (at + 4 > packed.length) throw malformed('the length of a Snappy block', 'the end')
    const length = packed.readUInt32BE(at)
    at += 4
    if (length > packed.length - at) throw malformed(`a Snappy block of ${length} bytes`, packed.length - at)
    unpackBlock(packed.subarray(at, at + length), output)
    at += length
  }
  return output.finished()
}

function unpackBlock(block: Buffer, output: RepeatingOutput): void {
  let at = 0
  const byte = (): number => {
    if (at >= block.length) throw malformed('more bytes', 'the end of a Snappy block')
    return block[at++]!
  }
  const little = (bytes: number): number => {
    let value = 0
    for (let index = 0; index < bytes; index++) value += byte() * 256 ** index
    return value
  }
  let announced = 0
  for (let unit = 1, more = true; more; unit *= 128) {
    const part = byte()
    announced += (part & 0x7f) * unit
    more = part >= 0x80
    if (more && unit > 128 ** 4) throw malformed('a length of at most 5 bytes', 'more')
  }
  const end = output.length + announced
  while (at < block.length) {
    const tag = byte()
    switch (tag & 3) {
      case 0: {
        const short = tag >>> 2
        const length = (short < 60 ? short : little(short - 59)) + 1
        output.literal(block, at, length)
        at += length
        break
      }
      case 1:
        output.repeat((tag >>> 5) * 256 + byte(), ((tag >>> 2) & 7) + 4)
        break
      case 2:
        output.repeat(little(2), (tag >>> 2) + 1)
        break
      default:
        output.repeat(little(4), (tag >>> 2) + 1)
    }
  }
  if (output.length !== end) throw malformed(`${announced} bytes of a Snappy block`, output.length)
}
