import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** Each piece costs a turn of the event loop; what many rows of one leave behind, the young generation holds. */
const PIECE_BYTES = 128 * 1024

/** How far a file has been read, in bytes as they lie on disk; who reads keeps it true. */
export interface ReadProgress {
  bytesRead: number
  bytesTotal: number
}

/** Where nobody looks. */
export function unwatched(): ReadProgress {
  return { bytesRead: 0, bytesTotal: 0 }
}

/** The bytes of a file, unpacked where its name ends in `.gz`. Errors of either step end the stream. */
export async function* readBytes(path: string, progress: ReadProgress): AsyncGenerator<Buffer> {
  progress.bytesTotal = (await stat(path)).size
  const file = createReadStream(path, { highWaterMark: PIECE_BYTES })
  // The callback is empty because the unpacked stream is destroyed with the error, and its reader throws.
  const packed = path.toLowerCase().endsWith('.gz')
  const bytes: Readable = packed ? pipeline(file, createGunzip({ chunkSize: PIECE_BYTES }), () => {}) : file
  try {
    for await (const piece of bytes as AsyncIterable<Buffer>) {
      progress.bytesRead = file.bytesRead
      yield piece
    }
  } finally {
    bytes.destroy()
    file.destroy()
  }
}
