import { missingFor } from '../java/prerequisites.ts'
import { isKafkaInstalled } from './installation.ts'

/** What keeps this machine from running a local Kafka, as one sentence; null when nothing does. */
export function missingForLocalKafka(): string | null {
  return missingFor('a local Kafka', isKafkaInstalled)
}
