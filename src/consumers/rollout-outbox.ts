import type { AppOptions } from '../config/options.ts'
import { changesAnswers, type DeploymentEvent, type FeaturesEnd } from '../events/deployment-event.ts'
import type { OutgoingRecord } from '../log/port.ts'
import { deploymentRecord, referenceRecord } from '../producers/control-events.ts'
import { toReferenceEvent } from '../sketches/reference-wire.ts'
import type { Reference } from '../sketches/types.ts'
import type { Edge } from './edge.ts'
import type { PartitionCounts } from './topics.ts'

/** What a retrainer has decided and not yet written, in its order. */
export class RolloutOutbox {
  readonly #options: AppOptions
  readonly #partitions: PartitionCounts
  readonly #edge: Edge
  /** Records to be: some tell where the features topic ended when they were written. */
  #outgoing: ((ends: FeaturesEnd | null) => OutgoingRecord)[] = []
  #isEndWanted = false
  #featuresEnd: FeaturesEnd | null = null

  constructor(options: AppOptions, partitions: PartitionCounts, edge: Edge) {
    this.#options = options
    this.#partitions = partitions
    this.#edge = edge
  }

  get isEmpty(): boolean {
    return this.#outgoing.length === 0
  }

  addDeployment(event: DeploymentEvent): void {
    const to = { topic: this.#options.topics.names.deployments, partitions: this.#partitions.deployments }
    const stamp = this.#stamp()
    const isLive = changesAnswers(event)
    this.#isEndWanted ||= isLive
    this.#outgoing.push((featuresEnd) =>
      deploymentRecord(isLive && featuresEnd !== null ? { ...event, featuresEnd } : event, to, stamp),
    )
  }

  addReference(reference: Reference): void {
    const to = { topic: this.#options.topics.names.references, partitions: this.#partitions.references }
    const event = { ...toReferenceEvent(reference), source: 'training' as const }
    const record = referenceRecord(event, to, this.#stamp())
    this.#outgoing.push(() => record)
  }

  /** To be awaited before `take()`, as late as can be. Rejects as the log does when asked for offsets. */
  async prepare(): Promise<void> {
    if (!this.#isEndWanted) return
    const topic = this.#options.topics.names.features
    const ends = [...(await this.#edge.log.offsets(topic))].sort((a, b) => a.partition - b.partition)
    this.#featuresEnd = { topic, offsets: ends.map(({ high }) => high) }
  }

  /** All of it; the box is empty then. */
  take(): OutgoingRecord[] {
    const records = this.#outgoing.map((recordOf) => recordOf(this.#featuresEnd))
    this.#outgoing = []
    this.#isEndWanted = false
    this.#featuresEnd = null
    return records
  }

  #stamp() {
    return { source: `/${this.#options.group}/retrainer`, now: this.#edge.clock.now() }
  }
}
