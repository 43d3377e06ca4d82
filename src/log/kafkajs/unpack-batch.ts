import { promisify } from 'node:util'
import { gunzip, zstdDecompress } from 'node:zlib'
import { unpackLz4 } from './unpack-lz4.ts'
import { unpackSnappy } from './unpack-snappy.ts'
import { malformed } from './wire-reader.ts'

/** Far above what a broker takes as one batch, and a bound for what a few bytes can be made to unpack to. */
const BATCH_BYTES_MAX = 256 * 1024 * 1024

const CHUNK_BYTES_MIN = 64 * 1024
const CHUNK_BYTES_MAX = 4 * 1024 * 1024

const inThreads = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) }

/**
 * The records of a batch, unpacked. gzip and zstd are unpacked by threads of their own.
 * @param codec as in the attributes of the batch: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd
 * @throws BATCH_UNDECODABLE for an unknown codec, for bytes that are not of it, and beyond 256 MiB
 */
export async function unpack(codec: number, packed: Buffer): Promise<Buffer> {
  switch (codec) {
    case 0:
      return packed
    case 1:
      return unpackInThread('gzip', packed)
    case 2:
      return unpackSnappy(packed, BATCH_BYTES_MAX)
    case 3:
      return unpackLz4(packed, BATCH_BYTES_MAX)
    case 4:
      return unpackInThread('zstd', packed)
    default:
      throw malformed('a batch packed by gzip, snappy, lz4 or zstd, or not at all', `codec ${codec}`)
  }
}

async function unpackInThread(codec: 'gzip' | 'zstd', packed: Buffer): Promise<Buffer> {
  // Each chunk is a journey to a thread and back: with the default of 16 KiB a batch makes dozens.
  const chunkSize = Math.min(Math.max(packed.length * 8, CHUNK_BYTES_MIN), CHUNK_BYTES_MAX)
  try {
    return await inThreads[codec](packed, { chunkSize, maxOutputLength: BATCH_BYTES_MAX })
  } catch (cause) {
    throw malformed(`a batch packed by ${codec}`, (cause as Error).message)
  }
}
