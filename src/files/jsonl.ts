import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ErrorCode } from '../errors/codes.ts'
import { type ReadProgress, unwatched } from './byte-stream.ts'
import { asFileFault, fileFault } from './file-fault.ts'
import { readLineBlocks } from './line-blocks.ts'

/** Longer lines are refused: a file without line ends must not fill the memory. */
const LINE_BYTES_MAX = 16 * 1024 * 1024

const LF = 0x0a
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Lines are written in chunks of about this many characters. */
const CHUNK_CHARACTERS = 64 * 1024

/** One line of a JSONL file. */
export interface JsonLine {
  /** Counts from 1. */
  readonly line: number
  readonly value: unknown
}

/**
 * Reads a JSONL file (`.gz`: packed) line by line, the lines in batches; blank lines are passed over.
 * @throws `code`, with path and line, for a line that is no JSON, bytes that are no UTF-8, or no such file
 */
export async function* readJsonLines(
  path: string,
  code: ErrorCode = 'REFERENCE_FILE_INVALID',
  progress: ReadProgress = unwatched(),
): AsyncGenerator<JsonLine[]> {
  let line = 0
  try {
    for await (const texts of readLineBytes(path, progress)) {
      const lines: JsonLine[] = []
      for (const bytes of texts) {
        line++
        if (bytes.length > LINE_BYTES_MAX) {
          throw fileFault(code, path, line, `expected a line of at most ${LINE_BYTES_MAX} bytes`)
        }
        const text = decoded(bytes)
        if (text.trim() !== '') lines.push({ line, value: parse(text, path, line, code) })
      }
      yield lines
    }
  } catch (error) {
    throw asFileFault(code, path, line, error)
  }
}

/** Writes one JSON value a line, replacing the file; resolves to the number of lines once all is written. */
export async function writeJsonLines(
  path: string,
  values: Iterable<unknown> | AsyncIterable<unknown>,
): Promise<number> {
  let lines = 0
  async function* chunks(): AsyncGenerator<string> {
    let chunk = ''
    for await (const value of values) {
      chunk += `${JSON.stringify(value)}\n`
      lines++
      if (chunk.length < CHUNK_CHARACTERS) continue
      yield chunk
      chunk = ''
    }
    if (chunk !== '') yield chunk
  }
  await pipeline(Readable.from(chunks()), createWriteStream(path))
  return lines
}

function parse(text: string, path: string, line: number, code: ErrorCode): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw fileFault(code, path, line, `expected JSON, got: ${reason}`, cause)
  }
}

/**
 * The lines of a file in batches, each a view of bytes that are written anew for the next batch.
 *
 * Lines end with LF (a CR before it is white space to JSON). Node's readline also ends them at U+2028 and U+2029, which JSON allows
 * inside a text. An overlong line comes as what there is of it so far, for the caller to refuse.
 */
export async function* readLineBytes(
  path: string,
  progress: ReadProgress = unwatched(),
): AsyncGenerator<Uint8Array[]> {
  for await (const bytes of readLineBlocks(path, LINE_BYTES_MAX, progress)) {
    const lines: Uint8Array[] = []
    let start = 0
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
      lines.push(bytes.subarray(start, end))
      start = end + 1
    }
    if (start < bytes.length) lines.push(bytes.subarray(start))
    yield lines
  }
}

/** A Buffer decodes at a fraction of a strict decoder's cost; only what it may have mended is looked at twice. */
function decoded(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
  return text.includes('\uFFFD') ? utf8.decode(bytes) : text
}
