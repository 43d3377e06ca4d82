import type { DeltaEntry } from '../sketches/delta.ts'
import { createPaneSketch } from '../sketches/pane-sketch.ts'
import { gridIdOf } from '../sketches/reference-wire.ts'
import type { Reference } from '../sketches/types.ts'
import type { ModelOptions } from './options.ts'

/**
 * What a task has counted since its last flush, by model, version, reference and pane. Looked up for every
 * event and every label: so no key is put together, and the entry of the last event is asked first.
 */
export class PaneEntries {
  #entries: DeltaEntry[] = []
  /** Model, version, pane; a version has more than one reference only while it changes over. */
  readonly #index = new Map<string, Map<string, Map<number, DeltaEntry[]>>>()
  #last: DeltaEntry | null = null

  /** The entry of a pane, made at first sight. */
  of(model: ModelOptions, version: string, start: number, reference: Reference | null): DeltaEntry {
    const last = this.#last
    const referenceId = reference === null ? null : gridIdOf(reference)
    if (
      last !== null &&
      last.paneStart === start &&
      last.model === model.name &&
      last.version === version &&
      last.referenceId === referenceId
    ) {
      return last
    }
    const entries = this.#panesOf(model.name, version, start)
    let entry = entries.find((known) => known.referenceId === referenceId)
    if (entry === undefined) {
      const sketch = createPaneSketch(model.task)
      entry = { model: model.name, version, paneStart: start, referenceId, sketch }
      entries.push(entry)
      this.#entries.push(entry)
    }
    this.#last = entry
    return entry
  }

  /** All entries in the order of their first event; afterwards there are none. */
  take(): DeltaEntry[] {
    const taken = this.#entries
    this.#entries = []
    this.#index.clear()
    this.#last = null
    return taken
  }

  #panesOf(model: string, version: string, start: number): DeltaEntry[] {
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
