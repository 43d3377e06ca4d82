const TAIL_BYTES = 8192
const TAIL_LINES = 5

/** Reads a stream to its end, as fast as it comes, and keeps the last bytes; asked, gives its last lines. */
export function lastLinesOf(stream: NodeJS.ReadableStream): () => string {
  let tail: Buffer = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES)
  })
  stream.on('error', () => {})
  return () =>
    tail
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-TAIL_LINES)
      .join(' | ')
}
