import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { ReadProgress } from '../files/byte-stream.ts'
import { readCsvSteps } from '../files/csv.ts'
import { asFileFault, fileFault } from '../files/file-fault.ts'
import type { FileRow } from '../files/file-row.ts'
import { readLineBytes } from '../files/jsonl.ts'
import { readParquetRows } from '../files/parquet.ts'
import type { EventForms } from './event-forms.ts'
import type { HistoryBatch, HistorySource } from './history.ts'

const LF = 0x0a
const SPACE = 0x20
const ENDINGS = ['.csv', '.csv.gz', '.jsonl', '.jsonl.gz', '.parquet']

/**
 * The events of a `.csv`, `.jsonl` (both also `.gz`) or `.parquet` file. A row that is no event is refused by
 * itself; a file that cannot be read ends the replay.
 * @throws HISTORY_INVALID (another ending, no such file, a broken table) with path and line
 */
export function fileSource<Event>(
  path: string,
  topic: string,
  forms: EventForms<Event>,
  progress: ReadProgress,
): HistorySource<Event> {
  const name = path.toLowerCase().replace(/\.gz$/, '')
  const batches = name.endsWith('.csv')
    ? () => csvBatches(path, forms, progress)
    : name.endsWith('.jsonl')
      ? () => jsonBatches(path, forms, progress)
      : () => rowBatches(path, forms, progress)
  return { topic, batches: () => asHistory(path, batches()) }
}

/** @throws HISTORY_INVALID for a file of another kind than those that can be read */
export function expectHistoryFile(path: string): void {
  if (ENDINGS.some((ending) => path.toLowerCase().endsWith(ending))) return
  throw fileFault('HISTORY_INVALID', path, 0, `expected a file ending in one of ${ENDINGS.join(', ')}`)
}

async function* csvBatches<Event>(
  path: string,
  forms: EventForms<Event>,
  progress: ReadProgress,
): AsyncGenerator<HistoryBatch<Event>> {
  let first = 0
  let lines: ReturnType<EventForms<Event>['ofCsv']> | null = null
  for await (const step of readCsvSteps(path, progress)) {
    if (step.kind === 'rows') {
      yield batchOf(path, first, step.rows, (row, number) => forms.ofRow(row, number))
      first += step.rows.length
      continue
    }
    lines ??= forms.ofCsv(step.names)
    const reader = lines
    const found = linesOf(step.bytes)
    yield batchOf(path, first, found, (line, number) => {
      reader.load(line)
      return reader.event(number)
    })
    first += found.length
  }
}

async function* jsonBatches<Event>(
  path: string,
  forms: EventForms<Event>,
  progress: ReadProgress,
): AsyncGenerator<HistoryBatch<Event>> {
  let first = 0
  for await (const lines of readLineBytes(path, progress)) {
    const found = lines.filter((line) => !isBlank(line))
    yield batchOf(path, first, found, (line, number) => forms.ofJson(line, number))
    first += found.length
  }
}

async function* rowBatches<Event>(
  path: string,
  forms: EventForms<Event>,
  progress: ReadProgress,
): AsyncGenerator<HistoryBatch<Event>> {
  let first = 0
  for await (const rows of readParquetRows(path, progress)) {
    yield batchOf(path, first, rows, (row: FileRow, number) => forms.ofRow(row, number))
    first += rows.length
  }
}

function batchOf<Row, Event>(
  path: string,
  first: number,
  rows: readonly Row[],
  read: (row: Row, number: number) => Event | null,
): HistoryBatch<Event> {
  return {
    length: rows.length,
    partition: 0,
    event: (index) => read(rows[index]!, first + index + 1),
    offset: (index) => first + index,
    timestamp: () => null,
    place: (index) => `${path}, row ${first + index + 1}`,
  }
}

/** Lines that are not empty, without their ends. */
function linesOf(bytes: Buffer): Uint8Array[] {
  const lines: Uint8Array[] = []
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(LF, start)
    const end = feed === -1 ? bytes.length : feed
    const line = bytes.subarray(start, end)
    if (!isBlank(line)) lines.push(line)
    start = end + 1
  }
  return lines
}

function isBlank(line: Uint8Array): boolean {
  // What begins with anything else than white space is told apart by one look.
  return line.length === 0 || (line[0]! <= SPACE && line.every((byte) => byte <= SPACE))
}

/** What a reader of files says of a file is a fault of the history here. */
async function* asHistory<Batch>(path: string, batches: AsyncGenerator<Batch>): AsyncGenerator<Batch> {
  try {
    yield* batches
  } catch (cause) {
    const error = asFileFault('HISTORY_INVALID', path, 0, cause)
    if (error.code !== 'REFERENCE_FILE_INVALID') throw error
    throw new DriftstreamError('HISTORY_INVALID', error.message, error.context, { cause })
  }
}
