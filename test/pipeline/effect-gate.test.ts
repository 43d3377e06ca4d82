import { describe, expect, it } from 'vitest'
import { watchedReference } from '../../bench/accuracy/budget/watched-model.ts'
import { type WatchedRow, watchStream } from '../../bench/accuracy/budget/watched-stream.ts'
import { zigguratNormals } from '../../bench/accuracy/draws/ziggurat.ts'
import { DETECTION_DEFAULTS } from '../../src/detectors/options.ts'
import { createRandom } from '../../src/statistics/random.ts'
import { hourlyModel } from '../support/hourly-model.ts'

const HOUR_MS = 3_600_000
const START_MS = Date.UTC(2027, 0, 4)
const ROWS = 4000
const SHIFT_AT = 4
const PANES = 12
const REFERENCE_ROWS = 80_000

const plain = hourlyModel(['x'], DETECTION_DEFAULTS)

/** Rows whose feature lies `shift` standard deviations higher, and whose outcomes know nothing of it. */
function rowsOf(seed: string): (shift: number) => WatchedRow {
  const random = createRandom(seed)
  const normal = zigguratNormals(random)
  return (shift) => {
    const prediction = random() < 0.5 ? 1 : 0
    const isRight = random() < 0.9
    return {
      values: [normal() + shift],
      score: prediction === 1 ? 0.9 : 0.1,
      prediction,
      label: isRight ? prediction : prediction === 1 ? 0 : 1,
    }
  }
}

const reference = watchedReference(plain, {
  createdAt: START_MS,
  windowMs: HOUR_MS,
  covered: { fromMs: START_MS - HOUR_MS, toMs: START_MS },
  rows: function* () {
    const next = rowsOf('effect gate, reference')
    for (let row = 0; row < REFERENCE_ROWS; row++) {
      const { values, ...outcome } = next(0)
      yield { features: { x: values[0]! }, ...outcome, at: START_MS - HOUR_MS + row }
    }
  },
})

/** Thresholds that let significance alone decide. */
const ANY = { psiDrift: 1e-9, ksDrift: 1e-9, wassersteinDrift: 1e-9 }

function begunBy(effect: 'psi' | 'ks' | 'wasserstein', shift: number, thresholds: Partial<typeof ANY> = {}) {
  const next = rowsOf('effect gate, stream')
  const model = { ...plain, detection: { ...DETECTION_DEFAULTS, effect, ...thresholds } }
  return watchStream(model, reference, HOUR_MS, PANES, START_MS, function* (pane) {
    for (let row = 0; row < ROWS; row++) yield next(pane >= SHIFT_AT ? shift : 0)
  })
}

describe.each(['psi', 'ks', 'wasserstein'] as const)('what matters, measured by %s', (effect) => {
  it('lets a sure but small change pass', () => {
    // A seventh of a deviation has z = 8.8 in 4000 rows: sure by any level, and half of every threshold at most.
    expect(begunBy(effect, 1 / 7)).toEqual([])
    expect(begunBy(effect, 1 / 7, ANY)).toHaveLength(1)
  })

  it('reports a change that surely matters, once, and asks to watch it', () => {
    const begun = begunBy(effect, 0.6)
    expect(begun).toHaveLength(1)
    expect(begun[0]).toMatchObject({
      concern: 'data',
      diagnosis: 'watch',
      detector: 'numeric-drift',
      pane: SHIFT_AT,
    })
  })
})
