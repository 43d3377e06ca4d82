import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import type { FeatureEvent } from '../../src/events/feature-event.ts'
import type { RegisteredSchema } from '../../src/events/framed/schema.ts'
import type { LabelEvent } from '../../src/events/label-event.ts'
import type { OutgoingRecord } from '../../src/log/port.ts'
import { Metrics } from '../../src/metrics/metrics.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import type { RegistryClient } from '../../src/registry/registry-client.ts'
import { type Pace, SchemaTable, type SchemaTableOptions } from '../../src/registry/schema-table.ts'
import { type Format, framedFeature, framedLabel, schemaOf } from './framed-events.ts'

/** Milliseconds where a real one has seconds. */
export const FAST_PACE: Pace = { askAgainMs: 60, pauseMs: 4, pauseMaxMs: 8, impatientMs: 60_000 }

/** A registry of which the test says what it knows and whether it answers. */
export class FakeRegistry implements RegistryClient {
  readonly known = new Map<number, RegisteredSchema>()
  readonly asked: { readonly id: number; readonly at: number }[] = []
  isAway = false
  mostAtOnce = 0
  #atOnce = 0

  async fetch(id: number): Promise<RegisteredSchema | null> {
    this.asked.push({ id, at: performance.now() })
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce)
    const found = this.known.get(id) ?? null
    await sleep(1)
    this.#atOnce--
    if (this.isAway) throw new Error('nobody there')
    return found
  }

  close(): void {}

  requestsFor(id: number): number {
    return this.asked.filter((each) => each.id === id).length
  }
}

export const FEATURE_ID = 1
export const LABEL_ID = 2

/** What a registry has where the events of a stream are in a format. */
export function schemasOf(format: Format): ReadonlyMap<number, RegisteredSchema> {
  return new Map([
    [FEATURE_ID, { type: format, text: schemaOf(format, 'feature'), references: [] }],
    [LABEL_ID, { type: format, text: schemaOf(format, 'label'), references: [] }],
  ])
}

/** Events as records of those schemas. */
export function framedRecords(format: Format) {
  return {
    feature: (event: FeatureEvent, to: { topic: string; partitions: number }): OutgoingRecord => ({
      ...featureRecord(event, to),
      value: framedFeature(format, FEATURE_ID, event),
    }),
    label: (event: LabelEvent, to: { topic: string; partitions: number }): OutgoingRecord => ({
      ...labelRecord(event, to),
      value: framedLabel(format, LABEL_ID, event),
    }),
  }
}

export function registryOf(format: Format): FakeRegistry {
  const registry = new FakeRegistry()
  for (const [id, schema] of schemasOf(format)) registry.known.set(id, schema)
  return registry
}

export function tableOf(registry: FakeRegistry, options: Partial<SchemaTableOptions> = {}): SchemaTable {
  const whole = { cacheMax: 100, unknownWaitMs: 0, outageMaxMs: 60_000, ...options }
  const told = { logger: pino({ level: 'silent' }), metrics: new Metrics() }
  return new SchemaTable(registry, whole, told, FAST_PACE)
}
