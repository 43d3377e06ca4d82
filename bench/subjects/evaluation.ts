import { compiledReference } from '../../src/detectors/compiled-reference.ts'
import { judgeNumericDrift } from '../../src/detectors/numeric-drift.ts'
import { DETECTION_DEFAULTS, type TestOptions } from '../../src/detectors/options.ts'
import { layoutOf } from '../../src/sketches/block-layout.ts'
import { countsOf } from '../../src/sketches/pane-sketch.ts'
import type { NumericCounts, NumericReference, PaneSketch, Reference } from '../../src/sketches/types.ts'

/** The level of a feature among 50 at 8 windows, hourly, with one false alarm a quarter. */
const ALPHA = 0.2 / (2160 * 50 * 8)

/** Judges the distributions of every numeric feature in every window against a reference. */
export class Evaluation {
  readonly #tests: readonly {
    readonly name: string
    readonly reference: NumericReference
    readonly window: NumericCounts
    readonly bases: number
  }[]
  readonly #compiled: ReturnType<typeof compiledReference>
  readonly #options: TestOptions = { ...DETECTION_DEFAULTS, alpha: ALPHA }

  constructor(reference: Reference, windows: readonly PaneSketch[]) {
    const layout = layoutOf(reference)
    this.#compiled = compiledReference(reference)
    this.#tests = windows.flatMap((sketch, level) =>
      [...reference.features].flatMap(([name, known], position) => {
        const counts = countsOf(sketch, layout, position)
        if (known.kind !== 'numeric' || counts?.kind !== 'numeric') return []
        return [{ name, reference: known, window: counts.counts, bases: 2 ** level }]
      }),
    )
  }

  /** Number of findings that are decided: none could be without having been judged. */
  judge(): number {
    let decided = 0
    for (const { name, reference, window, bases } of this.#tests) {
      const compiled = this.#compiled.feature(name)
      const { verdict } = judgeNumericDrift(name, reference, compiled, window, bases, this.#options)
      if (verdict !== 'undecided') decided++
    }
    return decided
  }
}
