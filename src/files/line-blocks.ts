import { type FileHandle, open } from 'node:fs/promises'
import { type ReadProgress, readBytes } from './byte-stream.ts'

const LF = 0x0a
const PIECE_BYTES = 128 * 1024

/**
 * The bytes of a file, unpacked where its name ends in `.gz`, in blocks that end with a line; the last may end
 * without one, and so does what has come of a line that is longer than `lineBytesMax`. A block holds until the
 * next: all lie in one buffer, since a new one a piece costs a full collection of the heap every few of them.
 */
export async function* readLineBlocks(
  path: string,
  lineBytesMax: number,
  progress: ReadProgress,
): AsyncGenerator<Buffer> {
  let buffer = Buffer.allocUnsafeSlow(2 * PIECE_BYTES)
  let kept = 0
  for await (const piece of piecesOf(path, progress)) {
    const filled = kept + piece.length
    if (filled > buffer.length) {
      const larger = Buffer.allocUnsafeSlow(2 * filled)
      buffer.copy(larger, 0, 0, kept)
      buffer = larger
    }
    piece.copy(buffer, kept)
    const end = buffer.subarray(kept, filled).lastIndexOf(LF) + 1
    const whole = end === 0 ? 0 : kept + end
    const isOverlong = filled - whole > lineBytesMax
    if (whole > 0 || isOverlong) yield buffer.subarray(0, isOverlong ? filled : whole)
    kept = isOverlong ? 0 : filled - whole
    buffer.copyWithin(0, whole, whole + kept)
  }
  if (kept > 0) yield buffer.subarray(0, kept)
}

function piecesOf(path: string, progress: ReadProgress): AsyncGenerator<Buffer> {
  return path.toLowerCase().endsWith('.gz') ? readBytes(path, progress) : plainPieces(path, progress)
}

/** One piece after the other in one buffer. */
async function* plainPieces(path: string, progress: ReadProgress): AsyncGenerator<Buffer> {
  const file: FileHandle = await open(path)
  try {
    progress.bytesTotal = (await file.stat()).size
    progress.bytesRead = 0
    const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null)
      if (bytesRead === 0) return
      progress.bytesRead += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
