import type { FeatureEvent } from '../events/feature-event.ts'
import type { LabelEvent } from '../events/label-event.ts'
import { openMemoryLog } from '../log/memory-log.ts'
import type { Log, OutgoingRecord, Producer } from '../log/port.ts'
import { referenceRecord } from '../producers/control-events.ts'
import { featureRecord, labelRecord } from '../producers/source-events.ts'
import { toReferenceEvent } from '../sketches/reference-wire.ts'
import type { Reference } from '../sketches/types.ts'

/** Records are written in runs of so many: each write is a turn of the event loop. */
const RUN_RECORDS = 10_000

export const COURSE_TOPICS = { features: 'features', labels: 'labels', references: 'references' } as const

/**
 * What has happened so far in one course of a replay, as a log in memory with one partition: what a retrain
 * reads is what was there when it was asked for, and no label that had not come. About the size of the
 * events as JSON.
 */
export class CourseLog {
  readonly log: Log
  readonly #producer: Producer
  #unwritten: OutgoingRecord[] = []
  #features = 0
  #labels = 0

  private constructor(log: Log, producer: Producer) {
    this.log = log
    this.#producer = producer
  }

  static async open(): Promise<CourseLog> {
    const log = openMemoryLog()
    await log.createTopics(Object.values(COURSE_TOPICS).map((topic) => ({ topic, partitions: 1 })))
    return new CourseLog(log, await log.openProducer())
  }

  /** Its offset. */
  addFeature(event: FeatureEvent, time: number): number {
    this.#unwritten.push(featureRecord(event, { topic: COURSE_TOPICS.features, partitions: 1 }, time))
    return this.#features++
  }

  addLabel(event: LabelEvent, time: number): number {
    this.#unwritten.push(labelRecord(event, { topic: COURSE_TOPICS.labels, partitions: 1 }, time))
    return this.#labels++
  }

  addReference(reference: Reference, source: 'file' | 'training' | 'stream', now: number): void {
    const to = { topic: COURSE_TOPICS.references, partitions: 1 }
    const event = { ...toReferenceEvent(reference), source }
    this.#unwritten.push(referenceRecord(event, to, { source: '/replay', now }))
  }

  get isFull(): boolean {
    return this.#unwritten.length >= RUN_RECORDS
  }

  async write(): Promise<void> {
    const records = this.#unwritten
    this.#unwritten = []
    if (records.length > 0) await this.#producer.send(records)
  }

  async close(): Promise<void> {
    await this.#producer.close()
    await this.log.close()
  }
}
