import type { Broker } from 'kafkajs'
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js'
import encodeFetch from 'kafkajs/src/protocol/requests/fetch/v11/request.js'
import fetchV11 from 'kafkajs/src/protocol/requests/fetch/v11/response.js'
import { DriftstreamError } from '../../errors/driftstream-error.ts'
import type { Position, RecordBatch } from '../port.ts'
import { type DecodedRecords, decodePartition } from './decode-partition.ts'
import { type FetchedPartition, readFetchResponse } from './fetch-response.ts'

/**
 * What one fetch brought of one partition; a batch without records may still move on. Asked for its records
 * the first time, it decodes them and may throw BATCH_UNDECODABLE.
 */
export interface Fetched {
  readonly batch: RecordBatch
  /** Committed records reach to here; behind lies a transaction still open. */
  readonly stableEnd: number
  /** To be called when nobody will look at the batch's records any more; absent where that is all the same. */
  handled?(): void
}

export interface FetchLimits {
  /** How long the broker may wait for a first byte. */
  readonly maxWaitMs: number
  readonly bytesMax: number
  readonly partitionBytesMax: number
}

const FETCH_API = 1
const FETCH_VERSION = 11
const CONSUMER = -1
const READ_COMMITTED = 1

/**
 * One fetch of committed records from one broker, over the client's connection and decoded here.
 *
 * The client's own decoder makes several objects, strings and 64-bit number objects of every record; and an
 * answer that holds a batch of more than about 120 000 records ends the consumer with a RangeError, because
 * it passes all of them as the arguments of one call.
 * @param broker connected
 * @param whenHandled told the answer's bytes, once all that holds records of it has been handled
 * @throws BATCH_UNDECODABLE, BROKER_UNSUPPORTED; the client's errors for those that the broker names
 */
export async function fetchFromBroker(
  broker: Broker,
  positions: readonly Position[],
  limits: FetchLimits,
  whenHandled?: (answer: Buffer) => void,
): Promise<Fetched[]> {
  const { versions, connectionPool, brokerAddress } = broker as ConnectedBroker
  const newest = versions[FETCH_API]?.maxVersion ?? 0
  if (newest < FETCH_VERSION) {
    throw new DriftstreamError(
      'BROKER_UNSUPPORTED',
      `expected a broker of Kafka 2.3 or later (Fetch ${FETCH_VERSION}), ${brokerAddress} knows Fetch ${newest}`,
      { broker: brokerAddress },
    )
  }
  const { fetched } = await connectionPool.send({
    request: encodeFetch(fetchRequest(positions, limits)),
    response: {
      decode: (payload) => decode(payload, positions, whenHandled),
      parse: async (answer) => answer,
    },
    requestTimeout: null,
  })
  return fetched
}

/** What the client's brokers hold and its types do not show. */
interface ConnectedBroker extends Broker {
  readonly versions: Readonly<Record<number, { readonly maxVersion: number }>>
  readonly brokerAddress: string
  readonly connectionPool: {
    send<Answer>(request: {
      readonly request: object
      readonly response: {
        decode(payload: Buffer): Promise<Answer>
        parse(answer: Answer): Promise<Answer>
      }
      readonly requestTimeout: number | null
    }): Promise<Answer>
  }
}

interface Answer {
  /** The client holds its next request back for so long. */
  readonly clientSideThrottleTime: number
  readonly fetched: Fetched[]
}

interface FetchPartition {
  readonly partition: number
  readonly fetchOffset: number
  readonly maxBytes: number
}

function fetchRequest(positions: readonly Position[], limits: FetchLimits) {
  const topics: { topic: string; partitions: FetchPartition[] }[] = []
  // The order is kept, so a topic may stand more than once.
  for (const { topic, partition, offset } of positions) {
    const wanted = { partition, fetchOffset: offset, maxBytes: limits.partitionBytesMax }
    const last = topics.at(-1)
    if (last?.topic === topic) last.partitions.push(wanted)
    else topics.push({ topic, partitions: [wanted] })
  }
  return {
    replicaId: CONSUMER,
    isolationLevel: READ_COMMITTED,
    maxWaitTime: limits.maxWaitMs,
    minBytes: 1,
    maxBytes: limits.bytesMax,
    topics,
  }
}

async function decode(
  payload: Buffer,
  positions: readonly Position[],
  whenHandled: ((answer: Buffer) => void) | undefined,
): Promise<Answer> {
  const { throttleMs, errorCode, partitions } = readFetchResponse(payload)
  if (errorCode !== 0) throw createErrorFromCode(errorCode)
  // Throws the first error that a partition names, in the client's own class for it.
  await fetchV11.parse({ responses: partitions.map((one) => ({ topicName: one.topic, partitions: [one] })) })
  let heldBy = partitions.filter(({ recordBytes }) => recordBytes.length > 0).length
  const handled = () => {
    if (--heldBy === 0) whenHandled?.(payload)
  }
  const fetched = partitions.map(async (one) => {
    const at = positions.find(({ topic, partition }) => topic === one.topic && partition === one.partition)
    return at === undefined
      ? []
      : [{ ...(await toFetched(one, at)), ...(one.recordBytes.length > 0 && { handled }) }]
  })
  return { clientSideThrottleTime: throttleMs, fetched: (await Promise.all(fetched)).flat() }
}

async function toFetched(one: FetchedPartition, at: Position): Promise<Fetched> {
  const decoded = await decodePartition(one.recordBytes, one.aborted, at)
  return { batch: new FetchedBatch(one, decoded), stableEnd: one.lastStableOffset }
}

/** A batch whose records are decoded when somebody asks for them, which throws what is wrong with them. */
class FetchedBatch implements RecordBatch {
  readonly topic: string
  readonly partition: number
  readonly nextOffset: number
  readonly highWatermark: number
  readonly #decoded: DecodedRecords

  constructor({ topic, partition, highWatermark }: FetchedPartition, decoded: DecodedRecords) {
    this.topic = topic
    this.partition = partition
    this.nextOffset = decoded.nextOffset
    this.highWatermark = highWatermark
    this.#decoded = decoded
  }

  get records(): RecordBatch['records'] {
    return this.#decoded.records
  }
}
