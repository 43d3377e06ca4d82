import type { LabelsOf, MetricDefinition } from './definition.ts'
import type { Metrics } from './metrics.ts'

interface Addition {
  readonly definition: MetricDefinition
  readonly labels: Readonly<Record<string, string>>
  readonly by: number
}

/**
 * What a task has counted and not yet committed. It reaches the metrics with the transaction that it belongs
 * to, so that what is dropped and read again is counted once.
 */
export class Tally {
  readonly #metrics: Metrics
  #noted: Addition[] = []
  #taken: Addition[] = []

  constructor(metrics: Metrics) {
    this.#metrics = metrics
  }

  add<D extends MetricDefinition>(definition: D, labels: LabelsOf<D>, by = 1): void {
    if (by > 0) this.#noted.push({ definition, labels, by })
  }

  /** What was noted belongs to the transaction that begins now. */
  take(): void {
    this.#taken.push(...this.#noted.splice(0))
  }

  /** That transaction is committed. */
  committed(): void {
    for (const { definition, labels, by } of this.#taken.splice(0)) this.#metrics.add(definition, labels, by)
  }

  /** What was noted had happened before. */
  drop(): void {
    this.#noted = []
  }
}
