import type { FeatureValue } from '../events/feature-event.ts'
import type { FeatureEventView } from '../events/feature-event-view.ts'
import type { BlockLayout } from '../sketches/block-layout.ts'
import { countingTables } from '../sketches/counting-tables.ts'
import type { DeltaEntry } from '../sketches/delta.ts'
import { encodeEntry } from '../sketches/delta-codec.ts'
import type { Interruptible } from '../sketches/interruptible.ts'
import type { Identified } from '../sketches/odd-values.ts'
import { countStagedValues, createPaneSketch, stageNumbers, stageValues } from '../sketches/pane-sketch.ts'
import { gridIdOf } from '../sketches/reference-wire.ts'
import { createStagedRows, STAGED_ROWS_MAX, type StagedRows, withRoomFor } from '../sketches/staged-rows.ts'
import type { Reference } from '../sketches/types.ts'
import type { ModelOptions } from './options.ts'

/** Values that all entries together may stage, 16 MiB: 64 rows of a thousand models of 20 features. */
const STAGED_VALUES_MAX = 2 ** 21

/** A pane begins with room for so many rows and doubles it: most panes of most models see few a flush. */
const STAGED_ROWS_MIN = 16

/** An entry that may still be counted in. Its sketch lacks the features of the events that are staged. */
export interface OpenEntry extends DeltaEntry {
  layout: BlockLayout | null
  rows: StagedRows | null
  /** Null again as soon as anything may be counted in it. */
  encoded: Uint8Array | null
}

/**
 * What a task has counted since its last flush, by model, version, reference and pane. Looked up for every
 * event and every label: so no key is put together, and the entry of the last event is asked first.
 *
 * Features are staged, and counted many events at a time: the tables of a thousand models lie in no cache,
 * and so are fetched once for many values and not once for each.
 */
export class PaneEntries {
  #entries: OpenEntry[] = []
  /** Model, version, pane; a version has more than one reference only while it changes over. */
  readonly #index = new Map<string, Map<string, Map<number, OpenEntry[]>>>()
  #last: OpenEntry | null = null
  readonly #stagedValuesMax: number
  /** Values there is room for in all entries. */
  #stagedValues = 0

  constructor(stagedValuesMax = STAGED_VALUES_MAX) {
    this.#stagedValuesMax = stagedValuesMax
  }

  /** The entry of a pane, made at first sight, to be counted in at once. */
  of(
    model: Pick<ModelOptions, 'name' | 'task'>,
    version: string,
    start: number,
    reference: Reference | null,
  ): OpenEntry {
    const last = this.#last
    const referenceId = reference === null ? null : gridIdOf(reference)
    if (
      last !== null &&
      last.paneStart === start &&
      last.model === model.name &&
      last.version === version &&
      last.referenceId === referenceId
    ) {
      last.encoded = null
      return last
    }
    const entries = this.#panesOf(model.name, version, start)
    let entry = entries.find((known) => known.referenceId === referenceId)
    if (entry === undefined) {
      const sketch = createPaneSketch(model.task)
      const fresh = { layout: null, rows: null, encoded: null }
      entry = { model: model.name, version, paneStart: start, referenceId, sketch, ...fresh }
      entries.push(entry)
      this.#entries.push(entry)
    }
    entry.encoded = null
    this.#last = entry
    return entry
  }

  /** Counts the features of one event. It may be overwritten after. */
  addFeatures(entry: OpenEntry, layout: BlockLayout, event: Pick<FeatureEventView, 'id' | 'features'>): void {
    const { features } = event
    if (features.numbersInto !== undefined && countingTables(layout).isNumeric) {
      const rows = this.#roomIn(entry, layout)
      const unknown = features.numbersInto(layout.names, rows.values, rows.count * rows.stride)
      if (unknown >= 0) {
        stageNumbers(entry.sketch, rows, layout, unknown)
        return
      }
    }
    const { values, others } = features.valuesOf(layout.names)
    this.addValues(entry, layout, values, others, event)
  }

  /** The same of one whose values are in the layout's order, `unknown` further ones beside them. */
  addValues(
    entry: OpenEntry,
    layout: BlockLayout,
    values: readonly (FeatureValue | undefined)[],
    unknown: number,
    event: Identified,
  ): void {
    stageValues(entry.sketch, this.#roomIn(entry, layout), layout, values, unknown, event)
  }

  /** Counts what is staged: now every sketch holds all its events. */
  countStaged(): void {
    for (const entry of this.#entries) countStagedOf(entry)
  }

  /** Counts what is staged and encodes every entry, so that little is left to do when they are taken. */
  *encode(): Interruptible<void> {
    for (const entry of this.#entries) {
      countStagedOf(entry)
      entry.encoded = encodeEntry(entry)
      yield 'part'
    }
  }

  /** All entries in the order of their first event, with all that was staged; afterwards there are none. */
  take(): DeltaEntry[] {
    this.#release()
    const taken = this.#entries
    this.#entries = []
    this.#index.clear()
    this.#last = null
    return taken.map(({ model, version, paneStart, referenceId, sketch, encoded }) => {
      return { model, version, paneStart, referenceId, sketch, ...(encoded !== null && { encoded }) }
    })
  }

  #roomIn(entry: OpenEntry, layout: BlockLayout): StagedRows {
    if (entry.layout !== layout) {
      // The same edges, published anew.
      countStagedOf(entry)
      entry.layout = layout
    }
    const { rows } = entry
    if (rows === null) {
      const created = createStagedRows(layout.names.length, STAGED_ROWS_MIN)
      if (this.#stagedValues + created.values.length > this.#stagedValuesMax) this.#release()
      entry.rows = created
      this.#stagedValues += created.values.length
      return created
    }
    if (rows.count < rows.rowsMax) return rows
    const more = rows.values.length
    if (rows.rowsMax === STAGED_ROWS_MAX || this.#stagedValues + more > this.#stagedValuesMax) {
      countStagedOf(entry)
      return rows
    }
    this.#stagedValues += more
    entry.rows = withRoomFor(rows, 2 * rows.rowsMax)
    return entry.rows
  }

  #release(): void {
    this.countStaged()
    for (const entry of this.#entries) entry.rows = null
    this.#stagedValues = 0
  }

  #panesOf(model: string, version: string, start: number): OpenEntry[] {
    let versions = this.#index.get(model)
    if (versions === undefined) {
      versions = new Map()
      this.#index.set(model, versions)
    }
    let panes = versions.get(version)
    if (panes === undefined) {
      panes = new Map()
      versions.set(version, panes)
    }
    let entries = panes.get(start)
    if (entries === undefined) {
      entries = []
      panes.set(start, entries)
    }
    return entries
  }
}

function countStagedOf({ sketch, layout, rows }: OpenEntry): void {
  if (rows !== null && layout !== null) countStagedValues(sketch, rows, layout)
}
