import { KafkaContainer } from '@testcontainers/kafka'
import { getContainerRuntimeClient } from 'testcontainers'
import { KafkaNotInstalled, missingForLocalKafka, startKafka } from '../../tools/kafka/local-kafka.ts'
import { chooseKafka, type KafkaFacts } from './kafka-choice.ts'

const KAFKA_PORT = 9093
const IMAGE = 'confluentinc/cp-kafka:8.1.0'

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

/** The brokers of a test run, and how to end them; null brokers when there are none. */
export interface ProvidedKafka {
  readonly brokers: readonly string[] | null
  readonly source: string
  stop(): Promise<void>
}

type Report = (line: string) => void

/** Why no container can be started; null when an engine answers. */
async function missingForDocker(): Promise<string | null> {
  try {
    await getContainerRuntimeClient()
    return null
  } catch (error) {
    return (error as Error).message
  }
}

async function startContainer(report: Report): Promise<ProvidedKafka> {
  report(`starting ${IMAGE} in a container`)
  const container = await new KafkaContainer(IMAGE).withKraft().withEnvironment(CONTAINER_SETTINGS).start()
  return {
    brokers: [`${container.getHost()}:${container.getMappedPort(KAFKA_PORT)}`],
    source: `container of ${IMAGE}`,
    stop: async () => {
      await container.stop()
    },
  }
}

async function startLocal(report: Report): Promise<ProvidedKafka> {
  const { brokers, stop } = await startKafka({ report })
  return { brokers, source: 'local broker', stop }
}

const nothingToStop = async (): Promise<void> => {}

/**
 * Finds or starts a broker for a test run, in the order of `chooseKafka`.
 *
 * An engine that answers and yet starts no broker (say, it cannot pull the image), or jars that cannot be
 * fetched, count as missing and the next place is tried; a local broker that breaks is an error.
 * Throws when `REQUIRE_KAFKA=1` and no place is left.
 */
export async function provideKafka(env: NodeJS.ProcessEnv, report: Report): Promise<ProvidedKafka> {
  const given = env.KAFKA_BROKERS
  let facts: KafkaFacts = {
    given,
    dockerMissing: given ? 'not asked' : await missingForDocker(),
    localMissing: missingForLocalKafka(),
    required: env.REQUIRE_KAFKA === '1',
  }
  while (true) {
    const choice = chooseKafka(facts)
    switch (choice.source) {
      case 'given':
        return { brokers: choice.brokers, source: 'KAFKA_BROKERS', stop: nothingToStop }
      case 'docker':
        try {
          return await startContainer(report)
        } catch (error) {
          report(`no container: ${(error as Error).message}`)
          facts = { ...facts, dockerMissing: (error as Error).message }
        }
        break
      case 'local':
        try {
          return await startLocal(report)
        } catch (error) {
          if (!(error instanceof KafkaNotInstalled)) throw error
          facts = { ...facts, localMissing: error.message }
        }
        break
      case 'none':
        report(`NO BROKER, TESTS THAT NEED ONE ARE SKIPPED. ${choice.reason}`)
        return { brokers: null, source: 'none', stop: nothingToStop }
      case 'refused':
        throw new Error(`REQUIRE_KAFKA=1 and no broker: ${choice.reason}`)
    }
  }
}
