import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** The bytes of a file, unpacked where its name ends in `.gz`. Errors of either step end the stream. */
export function openByteStream(path: string): Readable {
  const file = createReadStream(path)
  if (!path.toLowerCase().endsWith('.gz')) return file
  // The callback is empty because the unpacked stream is destroyed with the error, and its reader throws.
  return pipeline(file, createGunzip(), () => {})
}
