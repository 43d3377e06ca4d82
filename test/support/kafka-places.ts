import { KafkaContainer } from '@testcontainers/kafka'
import { getContainerRuntimeClient } from 'testcontainers'
import { KafkaNotInstalled, missingForLocalKafka, startKafka } from '../../tools/kafka/local-kafka.ts'
import { type KafkaPlaces, PlaceMissing, type Report, type StartedKafka } from './kafka-provider.ts'

/** Confluent's build of Kafka 4.1: the container class drives the start scripts of that image. */
const IMAGE = 'confluentinc/cp-kafka:8.1.0'
const KAFKA_PORT = 9093

/** The same shape as the local broker has (`tools/kafka/kafka-properties.ts`), for a broker in a container. */
const CONTAINER_SETTINGS = {
  KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '5',
  KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: '5',
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
  KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
  KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS: '1000',
}

async function missingForDocker(): Promise<string | null> {
  try {
    await getContainerRuntimeClient()
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/** Its reaper ends the container when this process dies. */
async function startContainer(report: Report): Promise<StartedKafka> {
  report(`starting ${IMAGE} in a container`)
  try {
    const container = await new KafkaContainer(IMAGE).withKraft().withEnvironment(CONTAINER_SETTINGS).start()
    return {
      brokers: [`${container.getHost()}:${container.getMappedPort(KAFKA_PORT)}`],
      stop: async () => {
        await container.stop()
      },
    }
  } catch (cause) {
    // An engine that answers may still be unable to pull the image.
    throw new PlaceMissing((cause as Error).message, { cause })
  }
}

async function startLocal(report: Report): Promise<StartedKafka> {
  try {
    return await startKafka({ report })
  } catch (cause) {
    if (cause instanceof KafkaNotInstalled) throw new PlaceMissing(cause.message, { cause })
    throw cause
  }
}

/** The places this machine really has. */
export const KAFKA_PLACES: KafkaPlaces = {
  docker: { missing: missingForDocker, start: startContainer },
  local: { missing: async () => missingForLocalKafka(), start: startLocal },
}
