import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { Log, OutgoingRecord, RecordBatch } from '../log/port.ts'
import {
  type DeadLetter,
  placeOf,
  REPLAY_OF_HEADER,
  REPLAYED_HEADER,
  readDeadLetter,
  replayedPlace,
} from '../producers/read-dead-letter.ts'

/** What of the letters a reader wants. */
export interface LetterChoice {
  readonly code?: string
  /** The topic they were on. */
  readonly source?: string
  /** `partition/offset` on the dead-letter topic; all where it is left out. */
  readonly places?: ReadonlySet<string>
}

export interface ReplayResult {
  /** Sent back now, or what would be. */
  readonly replayed: number
  /** Chosen, and sent back by an earlier replay. */
  readonly before: number
}

/** A transaction of a replay holds no more. */
const RECORDS_MAX = 500
const BYTES_MAX = 4 * 2 ** 20

function isChosen(letter: DeadLetter, { code, source, places }: LetterChoice): boolean {
  if (code !== undefined && letter.code !== code) return false
  if (source !== undefined && letter.source.topic !== source) return false
  return places === undefined || places.has(placeOf(letter))
}

/** Places of all letters that were sent back, as the topic itself says. */
export async function readReplayed(log: Log, topic: string): Promise<ReadonlySet<string>> {
  const replayed = new Set<string>()
  for await (const { records } of readAll(log, topic)) {
    for (const record of records) {
      const place = replayedPlace(record)
      if (place !== undefined) replayed.add(place)
    }
  }
  return replayed
}

/** Every letter on the topic that is chosen, partition by partition; its bytes alias a fetch. */
export async function* readDeadLetters(
  log: Log,
  topic: string,
  choice: LetterChoice,
): AsyncIterable<DeadLetter> {
  for await (const batch of readAll(log, topic)) {
    for (const record of batch.records) {
      const letter = replayedPlace(record) === undefined ? readDeadLetter(record, batch) : null
      if (letter !== null && isChosen(letter, choice)) yield letter
    }
  }
}

/**
 * Sends chosen letters back to where they came from, key, bytes and headers as they were, each once however
 * often this is called: a mark on the dead-letter topic is written in the same transaction, and whoever
 * replays at the same time under this id is fenced off. Their time is that of the replay.
 * @throws DEAD_LETTER_UNKNOWN for places where no letter is, before anything is sent; PRODUCER_FENCED where
 * another replay has begun: what was committed before stays
 */
export async function replayDeadLetters(
  log: Log,
  { topic, group, now }: { readonly topic: string; readonly group: string; readonly now: number },
  choice: LetterChoice,
  dryRun: boolean,
): Promise<ReplayResult> {
  // Opened first: what an earlier replay had under way is settled by then.
  const producer = dryRun ? null : await log.openTransactional(`${group}.dead-letter-replay`)
  try {
    if (choice.places !== undefined) await expectLetters(log, topic, choice.places)
    const done = await readReplayed(log, topic)
    let [replayed, before, bytes] = [0, 0, 0]
    let records: OutgoingRecord[] = []
    const flush = async () => {
      if (records.length > 0) await producer?.flush({ records })
      records = []
      bytes = 0
    }
    for await (const letter of readDeadLetters(log, topic, choice)) {
      if (done.has(placeOf(letter))) {
        before++
        continue
      }
      replayed++
      if (producer === null) continue
      records.push(sentBack(letter, topic, now), markOf(letter, topic, now))
      bytes += letter.value?.byteLength ?? 0
      if (records.length >= RECORDS_MAX || bytes >= BYTES_MAX) await flush()
    }
    await flush()
    return { replayed, before }
  } finally {
    await producer?.close()
  }
}

function sentBack({ key, value, headers, source, ...place }: DeadLetter, topic: string, now: number) {
  const { partition } = source
  const told = { ...headers, [REPLAY_OF_HEADER]: `${topic}/${placeOf(place)}` }
  return { topic: source.topic, partition, key, value, headers: told, timestamp: now }
}

function markOf(letter: DeadLetter, topic: string, now: number): OutgoingRecord {
  const headers = { [REPLAYED_HEADER]: placeOf(letter) }
  return { topic, partition: letter.partition, key: null, value: null, headers, timestamp: now }
}

/** @throws DEAD_LETTER_UNKNOWN naming every place where no letter is */
export async function expectLetters(log: Log, topic: string, places: ReadonlySet<string>): Promise<void> {
  const missing = new Set(places)
  for await (const letter of readDeadLetters(log, topic, { places })) missing.delete(placeOf(letter))
  if (missing.size === 0) return
  const place = [...missing].join(', ')
  throw new DriftstreamError(
    'DEAD_LETTER_UNKNOWN',
    `expected a dead letter at ${place} of ${topic}, there is none (driftstream dlq list)`,
    { topic, place },
  )
}

/** All that the topic holds at the moment of the call: what is written meanwhile is not waited for. */
async function* readAll(log: Log, topic: string): AsyncIterable<RecordBatch> {
  const ranges = (await log.offsets(topic)).map(({ partition, low, high }) => ({
    topic,
    partition,
    from: low,
    to: high,
  }))
  yield* log.read(ranges)
}
