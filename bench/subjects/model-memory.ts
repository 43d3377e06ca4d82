import type { PaneSketch, Reference } from '../../src/sketches/types.ts'
import { PaneStore } from '../../src/windows/pane-store.ts'

/** What the detector keeps of one model: its reference, its panes, and the sums of its windows. */
export interface ModelMemory {
  readonly reference: Reference
  readonly store: PaneStore
}

/** Dyadic lengths, the longest being all that is kept. */
const WINDOW_PANES = [1, 2, 4, 8, 16, 32, 64, 128]
const PANES_MAX = 128

/**
 * A model at work: the longest window is full, and every window has just moved on by a pane, as at every
 * closing. `paneAt` may hand out the same sketch again: the store keeps what it needs of it.
 */
export function fillModel(reference: Reference, paneAt: (index: number) => PaneSketch): ModelMemory {
  const store = new PaneStore()
  for (let start = 0; start < PANES_MAX + 2; start++) {
    const end = start + 1
    store.merge(start, paneAt(start))
    if (end <= PANES_MAX) continue
    for (const panes of WINDOW_PANES) {
      if (store.sum(end - panes, end) === null) throw new Error(`expected a window of ${panes} panes`)
    }
    store.evictBefore(end - PANES_MAX)
  }
  return { reference, store }
}

/** Events in the longest window. */
export function eventsHeld({ store }: ModelMemory): number {
  return store.sum(2, PANES_MAX + 2)?.events ?? 0
}
