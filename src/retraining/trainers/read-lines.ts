import { createReadStream } from 'node:fs'
import { TrainerFailure } from './failure.ts'

const NEWLINE = 0x0a

/**
 * The lines of a file as bytes, empty ones left out. Unlike `node:readline` it holds no line longer than
 * `lineBytesMax`: a trainer's file is somebody else's.
 * @throws TrainerFailure for a longer line; what the file system throws, for a file that cannot be read
 */
export async function* readLines(
  path: string,
  lineBytesMax: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  let number = 1
  const tooLong = () => new TrainerFailure(`line ${number} of ${path} has more than ${lineBytesMax} bytes`)
  for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const line = Buffer.concat([rest, chunk.subarray(start, end)])
      if (line.length > lineBytesMax) throw tooLong()
      if (line.length > 0) yield line
      rest = Buffer.alloc(0)
      start = end + 1
      number++
    }
    rest = Buffer.concat([rest, chunk.subarray(start)])
    if (rest.length > lineBytesMax) throw tooLong()
  }
  if (rest.length > 0) yield rest
}
