import { setTimeout as sleep } from 'node:timers/promises'
import type { Broker, Cluster } from 'kafkajs'
import { DriftstreamError } from '../../errors/driftstream-error.ts'
import type { Position } from '../port.ts'
import type { AnswerMemory } from './answer-memory.ts'
import { toClientPartition } from './carried-batch.ts'
import { FairOrder } from './fair-order.ts'
import { FetchAhead } from './fetch-ahead.ts'
import { fetchFromBroker } from './fetch-from-broker.ts'
import type { StallWatch } from './stall-watch.ts'

/** What the client's consumer asks a broker for, as far as it is heeded. */
interface ClientFetch {
  readonly maxWaitTime: number
  readonly maxBytes: number
  readonly topics: readonly {
    readonly topic: string
    readonly partitions: readonly {
      readonly partition: number
      readonly fetchOffset: string
      readonly maxBytes: number
    }[]
  }[]
}

/**
 * Puts our fetch in the place of the client's, for the consumer whose cluster this is: the way of a record
 * through the client costs more than all that is done with it afterwards, and is where its bugs are
 * (`aborted-transactions.ts`, `decode-partition.ts`, `fetch-from-broker.ts`).
 * @param stalls sees what every fetch brought
 * @param answers where the memory of answers is given back, of which everything has been handled
 * @param onFault told what no repeat of the fetch can mend; the partition stands still from then on
 */
export function mendConsumerFetch(
  cluster: Cluster,
  stalls: StallWatch,
  answers: AnswerMemory | null,
  onFault: (error: DriftstreamError) => void,
): void {
  const mended = new WeakSet<Broker>()
  const find = cluster.findBroker.bind(cluster)
  cluster.findBroker = async (query) => {
    const broker = await find(query)
    if (!mended.has(broker)) {
      mended.add(broker)
      mendBroker(broker, stalls, answers, onFault)
    }
    return broker
  }
}

function mendBroker(
  broker: Broker,
  stalls: StallWatch,
  answers: AnswerMemory | null,
  onFault: (error: DriftstreamError) => void,
): void {
  let limits = { maxWaitMs: 0, bytesMax: 0, partitionBytesMax: 0 }
  const whenHandled = (answer: Buffer) => answers?.giveBack(answer)
  const order = new FairOrder()
  const ahead = new FetchAhead(async (positions) => {
    const fetched = await fetchFromBroker(broker, order.arrange(positions), limits, whenHandled)
    order.note(fetched.filter(({ batch }) => isMove(batch, positions)).map(({ batch }) => batch))
    return fetched
  })
  const fetch = async ({ maxWaitTime, maxBytes, topics }: ClientFetch) => {
    const positions = topics.flatMap(positionsOf)
    const partitionBytesMax = topics[0]?.partitions[0]?.maxBytes ?? maxBytes
    limits = { maxWaitMs: maxWaitTime, bytesMax: maxBytes, partitionBytesMax }
    try {
      const fetched = await ahead.fetch(positions)
      stalls.note(fetched)
      const moved = fetched.filter(({ batch }) => isMove(batch, positions))
      const byTopic = Map.groupBy(moved, ({ batch }) => batch.topic)
      return {
        responses: [...byTopic].map(([topicName, found]) => ({
          topicName,
          partitions: found.map(toClientPartition),
        })),
      }
    } catch (error) {
      if (!(error instanceof DriftstreamError)) throw error
      onFault(error)
      // The client would ask again at once, and go on doing so until it is closed.
      await sleep(maxWaitTime)
      return { responses: [] }
    }
  }
  Object.assign(broker, { fetch })
}

function positionsOf({ topic, partitions }: ClientFetch['topics'][number]): Position[] {
  return partitions.map(({ partition, fetchOffset }) => ({ topic, partition, offset: Number(fetchOffset) }))
}

/** Whether reading goes on behind the position asked for; a batch of markers alone does move it. */
function isMove(
  batch: { topic: string; partition: number; nextOffset: number },
  positions: readonly Position[],
) {
  const asked = positions.find(
    ({ topic, partition }) => topic === batch.topic && partition === batch.partition,
  )
  return asked !== undefined && batch.nextOffset > asked.offset
}
