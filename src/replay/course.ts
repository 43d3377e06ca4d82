import type { DeploymentEvent } from '../events/deployment-event.ts'
import type { DriftEvent } from '../events/drift-event.ts'
import type { Finding } from '../events/finding.ts'
import type { RetrainingOptions } from '../retraining/options.ts'
import type { StreamCounts } from '../sketches/delta.ts'
import type { FeatureReference, Reference } from '../sketches/types.ts'
import type { ModelState } from '../steps/detect-state.ts'
import { emptyStreamCounts } from '../steps/observe.ts'
import type { ModelOptions } from '../steps/options.ts'
import { paneStart } from '../windows/pane.ts'
import type { Flushed } from './counting-line.ts'
import { type FeatureEffect, FeatureEffects } from './feature-effects.ts'
import { MeasuredOutcomes, type MeasuredStretch, meanMetric, metricOf } from './measured-outcomes.ts'

/** What happened to one model in one course of the stream. */
export interface ModelCourse {
  readonly model: string
  readonly metric: RetrainingOptions['metric']
  readonly drift: readonly DriftEvent[]
  readonly deployments: readonly DeploymentEvent[]
  readonly measured: readonly MeasuredStretch[]
  readonly meanMetric: number | null
  readonly labelled: number
  /** What the metric was in the reference of each version. */
  readonly references: readonly ReferenceNote[]
  readonly effects: readonly FeatureEffect[]
}

/** A reference that versions were judged by, as far as a reader of a replay wants to know it. */
export interface ReferenceNote {
  readonly id: string
  readonly version: string
  /** Epoch ms from which on it was judged by; null: from the first event. */
  readonly since: number | null
  readonly rows: number
  readonly metric: number | null
  /** Features without one value in it: nothing can be said of them. */
  readonly empty: readonly string[]
}

/** Event counts that went with a course, as the stream's health tells them. */
export type CourseCounts = Omit<StreamCounts, 'waiting' | 'deadLetters'>

/** Takes down what a counting line brings, for a whole replay. */
export class CourseRecord {
  readonly counts: StreamCounts = emptyStreamCounts()
  readonly #models: ReadonlyMap<string, ModelOptions>
  readonly #notes = new Map<string, ModelNotes>()
  readonly #paneMs: number

  constructor(models: ReadonlyMap<string, ModelOptions>, paneMs: number) {
    this.#models = models
    this.#paneMs = paneMs
  }

  flushed({ entries, counts, output }: Flushed): void {
    const { waiting: _level, ...added } = counts
    for (const [name, count] of Object.entries(added)) this.counts[name as keyof StreamCounts] += count
    for (const { model, version, paneStart: start, sketch } of entries) {
      const notes = this.#of(model)
      if (notes === null || notes.shadows.some((shadow) => isInShadow(shadow, version, start))) continue
      notes.outcomes.add(version, start, sketch.performance)
    }
    this.drift(output.drift)
  }

  drift(events: readonly DriftEvent[]): void {
    for (const event of events) this.#of(event.model)?.drift.push(event)
  }

  /** What a candidate says in shadow nobody hears: it counts for no metric of the course. */
  deployed(event: DeploymentEvent): void {
    const notes = this.#of(event.model)
    if (notes === null) return
    const { stage, at, requestId, toVersion } = event
    const pane = paneStart(at, this.#paneMs)
    notes.deployments.push(event)
    const known = notes.shadows.find((shadow) => shadow.requestId === requestId)
    if (stage === 'shadow') {
      if (known === undefined) {
        notes.shadows.push({ requestId, version: toVersion, firstPane: pane, lastPane: null })
      }
    } else if (known !== undefined) known.lastPane ??= pane
  }

  /** `since` null: it was there before the first event. */
  reference(reference: Reference, since: number | null): void {
    const notes = this.#of(reference.model)
    if (notes === null || reference.stage === 'cut') return
    const { id, version, m, performance } = reference
    const { metric } = notes.options.retraining
    const known = notes.references.findIndex((note) => note.version === version)
    const value = performance === null || performance.n === 0 ? null : metricOf(performance, metric)
    const empty = [...reference.features].flatMap(([name, feature]) => (hasValues(feature) ? [] : [name]))
    const note = { id, version, since, rows: m, metric: value, empty }
    // A reference that only gains its outcomes was judged by before.
    if (known < 0) notes.references.push(note)
    else notes.references[known] = { ...note, since: notes.references[known]!.since }
  }

  judged(findings: ReadonlyMap<ModelState, readonly Finding[]>, end: number): void {
    for (const [model, found] of findings) this.#of(model.options.name)?.effects.add(end, found)
  }

  /** In the order of the configuration. */
  models(): ModelCourse[] {
    return [...this.#models.keys()].flatMap((model) => {
      const notes = this.#notes.get(model)
      if (notes === undefined) return []
      const { metric } = notes.options.retraining
      const measured = notes.outcomes.stretches(metric)
      return {
        model,
        metric,
        drift: notes.drift,
        deployments: notes.deployments,
        measured,
        meanMetric: meanMetric(measured, metric),
        labelled: measured.reduce((sum, { n }) => sum + n, 0),
        references: notes.references,
        effects: notes.effects.largest(),
      }
    })
  }

  #of(model: string): ModelNotes | null {
    const known = this.#notes.get(model)
    if (known !== undefined) return known
    const options = this.#models.get(model)
    if (options === undefined) return null
    const notes: ModelNotes = {
      options,
      shadows: [],
      drift: [],
      deployments: [],
      references: [],
      outcomes: new MeasuredOutcomes(options),
      effects: new FeatureEffects(this.#paneMs),
    }
    this.#notes.set(model, notes)
    return notes
  }
}

function hasValues(feature: FeatureReference): boolean {
  const { counts } = feature
  return 'bins' in counts ? counts.bins.some((n) => n > 0) : counts.cells.some((n) => n > 0)
}

/** The panes in which a candidate answered unheard, the one in which that ended among them. */
interface Shadow {
  readonly requestId: string
  readonly version: string
  readonly firstPane: number
  /** Null while it goes on. */
  lastPane: number | null
}

function isInShadow(shadow: Shadow, version: string, start: number): boolean {
  const { firstPane, lastPane } = shadow
  return version === shadow.version && start >= firstPane && (lastPane === null || start <= lastPane)
}

interface ModelNotes {
  readonly options: ModelOptions
  readonly shadows: Shadow[]
  readonly drift: DriftEvent[]
  readonly deployments: DeploymentEvent[]
  readonly references: ReferenceNote[]
  readonly outcomes: MeasuredOutcomes
  readonly effects: FeatureEffects
}
