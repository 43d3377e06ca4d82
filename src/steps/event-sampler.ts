import type { FeatureEventView } from '../events/feature-event-view.ts'
import { type ReferenceSample, RowSample, type SampledRow, sampledRow } from '../sketches/reference-sample.ts'
import { samplingRank } from '../sketches/sampling-rank.ts'
import type { FeatureType, ModelOptions } from './options.ts'

/** Versions of one model that one task samples at once; a producer that invents versions fills no memory. */
const VERSIONS_MAX = 8

interface PaneRows {
  events: number
  /** What was taken already stays in it: it knows which rank still matters. */
  readonly sample: RowSample
  fresh: SampledRow[]
}

/**
 * What one observer task samples of versions that have no reference: of each pane the events of the least
 * ranks, as many as a cut needs at most, and none of a pane before which the task alone saw enough.
 *
 * Which events a cut is made of thus depends on the events: not on partitions, flushes or restarts, after
 * which a task merely sends some rows again that the detector can do without.
 */
export class EventSampler {
  readonly #versions = new Map<string, Map<string, VersionSampler>>()

  add(model: ModelOptions, event: FeatureEventView, paneStart: number, paneMs: number): void {
    if (model.learning === undefined) return
    let versions = this.#versions.get(model.name)
    if (versions === undefined) {
      versions = new Map()
      this.#versions.set(model.name, versions)
    }
    let sampler = versions.get(event.version)
    if (sampler === undefined) {
      if (versions.size >= VERSIONS_MAX) return
      sampler = new VersionSampler(model, event.version, model.learning.cutAt)
      versions.set(event.version, sampler)
    }
    sampler.add(event, paneStart, paneMs)
  }

  /** What was sampled since the last call; versions that have got a reference are forgotten. */
  take(task: number, hasReference: (model: string, version: string) => boolean): ReferenceSample[] {
    const samples: ReferenceSample[] = []
    for (const [model, versions] of this.#versions) {
      for (const [version, sampler] of versions) {
        if (hasReference(model, version)) versions.delete(version)
        else samples.push(...sampler.take(task))
      }
    }
    return samples
  }
}

class VersionSampler {
  readonly #model: string
  readonly #version: string
  readonly #features: readonly string[]
  readonly #types: readonly FeatureType[]
  readonly #cutAt: number
  readonly #panes = new Map<number, PaneRows>()
  #events = 0
  #lastStart = Number.NEGATIVE_INFINITY
  /** From this pane on no row matters: what lies before is enough for a cut. */
  #enoughFrom = Number.POSITIVE_INFINITY

  constructor(model: ModelOptions, version: string, cutAt: number) {
    this.#model = model.name
    this.#version = version
    this.#features = [...model.features.keys()]
    this.#types = [...model.features.values()].map(({ type }) => type)
    this.#cutAt = cutAt
  }

  add(event: FeatureEventView, paneStart: number, paneMs: number): void {
    if (paneStart >= this.#enoughFrom) return
    let pane = this.#panes.get(paneStart)
    if (pane === undefined) {
      pane = { events: 0, sample: new RowSample(this.#cutAt), fresh: [] }
      this.#panes.set(paneStart, pane)
      this.#lastStart = Math.max(this.#lastStart, paneStart)
    }
    pane.events++
    this.#events++
    const rank = samplingRank(event.id)
    if (pane.sample.accepts(rank)) {
      const row = sampledRow(
        rank,
        this.#types,
        event.features.valuesOf(this.#features).values,
        event.prediction,
      )
      pane.sample.add(row)
      pane.fresh.push(row)
    }
    // More events of the last pane cannot make the panes before it hold enough.
    const filled = this.#events === this.#cutAt || paneStart < this.#lastStart
    if (this.#events >= this.#cutAt && filled) this.#findEnough(paneMs)
  }

  take(task: number): ReferenceSample[] {
    const samples: ReferenceSample[] = []
    for (const [paneStart, pane] of this.#panes) {
      const rows = pane.fresh.filter((row) => pane.sample.holds(row.rank))
      pane.fresh = []
      if (rows.length === 0) continue
      samples.push({
        ...{ task, model: this.#model, version: this.#version },
        ...{ paneStart, features: this.#features, rows },
      })
    }
    return samples
  }

  #findEnough(paneMs: number): void {
    let before = 0
    for (const start of [...this.#panes.keys()].sort((a, b) => a - b)) {
      if (start >= this.#enoughFrom) {
        this.#events -= this.#panes.get(start)!.events
        this.#panes.delete(start)
        continue
      }
      before += this.#panes.get(start)!.events
      if (before >= this.#cutAt) this.#enoughFrom = start + paneMs
    }
    this.#lastStart = Math.max(...this.#panes.keys())
  }
}
