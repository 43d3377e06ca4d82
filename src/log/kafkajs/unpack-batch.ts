import { promisify } from 'node:util'
import { gunzip, zstdDecompress } from 'node:zlib'
import { unpackLz4 } from './unpack-lz4.ts'
import { unpackSnappy } from './unpack-snappy.ts'
import { malformed } from './wire-reader.ts'

/** Far above what a broker takes as one batch, and a bound for what a few bytes can be made to unpack to. */
const BATCH_BYTES_MAX = 256 * 1024 * 1024

/** By the number that a batch's attributes give it. */
const CODECS: readonly Codec[] = [
  { name: 'nothing', unpack: async (packed) => packed },
  { name: 'gzip', unpack: inThread(promisify(gunzip)) },
  { name: 'snappy', unpack: async (packed) => unpackSnappy(packed, BATCH_BYTES_MAX) },
  { name: 'lz4', unpack: async (packed) => unpackLz4(packed, BATCH_BYTES_MAX) },
  { name: 'zstd', unpack: inThread(promisify(zstdDecompress)) },
]

interface Codec {
  readonly name: string
  unpack(packed: Buffer): Promise<Buffer>
}

/**
 * The records of a batch, unpacked. gzip and zstd are unpacked by threads of their own.
 * @param codec as in the attributes of the batch: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd
 * @throws BATCH_UNDECODABLE for an unknown codec, for bytes that are not of it, and beyond 256 MiB
 */
export async function unpack(codec: number, packed: Buffer): Promise<Buffer> {
  const known = CODECS[codec]
  if (known === undefined) {
    throw malformed('a batch packed by gzip, snappy, lz4 or zstd, or not at all', `codec ${codec}`)
  }
  try {
    return await known.unpack(packed)
  } catch (cause) {
    throw malformed(`a batch packed by ${known.name}`, `other bytes: ${(cause as Error).message}`)
  }
}

const CHUNK_BYTES_MIN = 64 * 1024
const CHUNK_BYTES_MAX = 4 * 1024 * 1024

type ZlibCall = (packed: Buffer, options: { chunkSize: number; maxOutputLength: number }) => Promise<Buffer>

function inThread(call: ZlibCall): Codec['unpack'] {
  return (packed) => {
    // Each chunk is a journey to a thread and back: with the default of 16 KiB a batch makes dozens.
    const chunkSize = Math.min(Math.max(packed.length * 8, CHUNK_BYTES_MIN), CHUNK_BYTES_MAX)
    return call(packed, { chunkSize, maxOutputLength: BATCH_BYTES_MAX })
  }
}
