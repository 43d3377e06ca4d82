import { chooseKafka, givenBrokers, type KafkaFacts } from './kafka-choice.ts'

/** Takes one line for the person who started the run. */
export type Report = (line: string) => void

export interface StartedKafka {
  readonly brokers: readonly string[]
  stop(): Promise<void>
}

/** Raised by a place that turns out, on the start, to have no broker to give. */
export class PlaceMissing extends Error {
  override readonly name = 'PlaceMissing'
}

/** Where a broker can be started. */
export interface KafkaPlace {
  /** Why it cannot, known beforehand; null when it may. */
  missing(): Promise<string | null>
  /** Rejects with `PlaceMissing` when another place should be tried, with anything else for a fault. */
  start(report: Report): Promise<StartedKafka>
}

export interface KafkaPlaces {
  readonly docker: KafkaPlace
  readonly local: KafkaPlace
}

/** The brokers of a test run; null when there are none. */
export interface ProvidedKafka {
  readonly brokers: readonly string[] | null
  stop(): Promise<void>
}

const nothingToStop = async (): Promise<void> => {}

/**
 * Finds or starts a broker for a test run, in the order of `chooseKafka`.
 *
 * A place that fails to give a broker is told of and the next one tried; a broker that breaks is an error.
 * Throws when `REQUIRE_KAFKA=1` and no place is left.
 */
export async function provideKafka(
  env: Readonly<Record<string, string | undefined>>,
  places: KafkaPlaces,
  report: Report,
): Promise<ProvidedKafka> {
  const given = env.KAFKA_BROKERS
  const isGiven = givenBrokers(given).length > 0
  let facts: KafkaFacts = {
    given,
    dockerMissing: isGiven ? 'not asked' : await places.docker.missing(),
    localMissing: isGiven ? 'not asked' : await places.local.missing(),
    required: env.REQUIRE_KAFKA === '1',
  }
  while (true) {
    const choice = chooseKafka(facts)
    switch (choice.source) {
      case 'given':
        return { brokers: choice.brokers, stop: nothingToStop }
      case 'none':
        report(`NO BROKER, TESTS THAT NEED ONE ARE SKIPPED. ${choice.reason}`)
        return { brokers: null, stop: nothingToStop }
      case 'refused':
        throw new Error(`REQUIRE_KAFKA=1 and no broker: ${choice.reason}`)
      default:
        try {
          return await places[choice.source].start(report)
        } catch (error) {
          if (!(error instanceof PlaceMissing)) throw error
          report(`no broker from ${choice.source}: ${error.message}`)
          facts = { ...facts, [`${choice.source}Missing`]: error.message }
        }
    }
  }
}
