import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import { fileFault } from '../files/file-fault.ts'
import type { OffsetRange, PartitionOffsets } from '../log/port.ts'

/** Records of one partition, `from` included, `to` excluded; null: as far as the partition goes. */
export interface OffsetSpan {
  readonly topic: string
  readonly partition: number
  readonly from: number | null
  readonly to: number | null
}

const SPAN = /^([A-Za-z0-9._-]+):(\d{1,9})=(\d{0,15})\.\.(\d{0,15})$/
const EXPECTED = 'topic:partition=from..to, either end may be left out'

const offset = z.int().min(0)
const span = z.object({
  topic: z.string().min(1),
  partition: offset,
  from: offset.nullable().default(null),
  to: offset.nullable().default(null),
})
const list = z.array(span).min(1)
/** A retrain request, the training range of one, or the offsets of that. */
const file = z.union([
  list,
  z.object({ offsets: list }).transform(({ offsets }) => offsets),
  z
    .object({ trainingRange: z.object({ offsets: list }) })
    .transform(({ trainingRange }) => trainingRange.offsets),
])

/**
 * Ranges of offsets: `topic:partition=from..to` with commas between them, or a `.json` file of
 * `{ topic, partition, from, to }`, such as the training range of a retrain request.
 * @throws HISTORY_INVALID for another text, and for a partition that is named twice
 */
export async function readOffsetSpans(given: readonly string[]): Promise<OffsetSpan[]> {
  const spans: OffsetSpan[] = []
  for (const text of given) {
    if (text.toLowerCase().endsWith('.json')) spans.push(...(await readSpanFile(text)))
    else spans.push(...text.split(',').map((each) => parseSpan(each.trim())))
  }
  const names = spans.map(({ topic, partition }) => `${topic}:${partition}`)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return spans
  throw invalid(`expected each partition once, got ${twice} twice`)
}

/**
 * What is read of a topic: all of it, or of the partitions that spans name what these say; of a topic that
 * has spans, partitions that none names are not read.
 * @throws HISTORY_INVALID for a partition that the topic has not, and for offsets that it does not hold
 */
export function rangesOfSpans(
  topic: string,
  ends: readonly PartitionOffsets[],
  spans: readonly OffsetSpan[],
): OffsetRange[] {
  const own = spans.filter((each) => each.topic === topic)
  if (own.length === 0)
    return ends.map(({ partition, low, high }) => ({ topic, partition, from: low, to: high }))
  return own.map(({ partition, from, to }) => {
    const known = ends.find((each) => each.partition === partition)
    if (known === undefined) {
      throw invalid(`expected a partition of ${topic} from 0 to ${ends.length - 1}, got ${partition}`)
    }
    const { low, high } = known
    const range = { topic, partition, from: from ?? low, to: to ?? high }
    if (low <= range.from && range.from <= range.to && range.to <= high) return range
    throw invalid(
      `${topic}:${partition}: expected offsets within ${low}..${high}, which is what the partition holds, got ${range.from}..${range.to}`,
    )
  })
}

function parseSpan(text: string): OffsetSpan {
  const [, topic, partition, from, to] = SPAN.exec(text) ?? []
  if (topic === undefined) throw invalid(`expected ${EXPECTED}; got "${text}"`)
  const end = (digits: string | undefined) => (digits ? Number(digits) : null)
  return { topic, partition: Number(partition), from: end(from), to: end(to) }
}

async function readSpanFile(path: string): Promise<OffsetSpan[]> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw fileFault('HISTORY_INVALID', path, 0, `expected ranges of offsets as JSON, got: ${reason}`, cause)
  }
  const parsed = file.safeParse(value)
  if (parsed.success) return parsed.data
  const message = 'expected a list of { topic, partition, from, to }, or a retrain request'
  throw fileFault('HISTORY_INVALID', path, 0, message)
}

function invalid(message: string): DriftstreamError {
  return new DriftstreamError('HISTORY_INVALID', `--offsets: ${message}`)
}
