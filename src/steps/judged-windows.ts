import type { Finding } from '../events/finding.ts'
import type { PaneSketch } from '../sketches/types.ts'
import type { JudgedWindow } from '../windows/window-store.ts'

/** A window that is judged, with what was counted in it. */
export interface CountedWindow extends JudgedWindow {
  readonly sketch: PaneSketch
}

/** How many findings come of tests that were taken now; the others stand since an earlier look. */
export interface TestCount {
  readonly tests: number
}

/** Those that hold something, start no earlier than `first`, and are no larger than the reference's `m`. */
export function judgeable(
  windows: readonly JudgedWindow[],
  first: number,
  m: number,
  sizeOf: (sketch: PaneSketch) => number,
): CountedWindow[] {
  return windows.flatMap(({ sketch, ...window }) => {
    if (sketch === null || window.fromMs < first) return []
    return window.level > 0 && sizeOf(sketch) > m ? [] : [{ ...window, sketch }]
  })
}

export function inWindow({ fromMs, toMs }: CountedWindow, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, window: { fromMs, toMs } }))
}
