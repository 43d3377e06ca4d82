import { describe, expect, it } from 'vitest'
import { watchedReference } from '../../bench/accuracy/budget/watched-model.ts'
import { type WatchedRow, watchStream } from '../../bench/accuracy/budget/watched-stream.ts'
import { zigguratNormals } from '../../bench/accuracy/draws/ziggurat.ts'
import type { ModeChoice } from '../../src/detectors/expert-modes.ts'
import { DETECTION_DEFAULTS } from '../../src/detectors/options.ts'
import { createRandom } from '../../src/statistics/random.ts'
import { hourlyModel } from '../support/hourly-model.ts'

const HOUR_MS = 3_600_000
const START_MS = Date.UTC(2027, 0, 4)
const NAMES = ['a', 'b', 'c', 'd']
const ROWS = 1200
const SHIFT_AT = 8
const PANES = 20
/** Windows that the reference knows of its own. */
const REFERENCE_WINDOWS = 40

/** Nothing but the expert mode can alarm. */
const BLIND = {
  ...DETECTION_DEFAULTS,
  psiWarning: 100,
  psiDrift: 100,
  qualityRise: 0.99,
  performanceDrop: 0.99,
  lossRise: 100,
  labelRateChange: 0.99,
}

const plain = hourlyModel(NAMES, BLIND)

/** Rows of a model that is right nine times in ten; shifted, its features lie 0.8 higher and it is right seven times. */
function rowsOf(seed: string): (isShifted: boolean) => WatchedRow {
  const random = createRandom(seed)
  const normal = zigguratNormals(random)
  return (isShifted) => {
    const values = NAMES.map(() => normal() + (isShifted ? 0.8 : 0))
    const prediction = random() < 0.5 ? 1 : 0
    const isRight = random() < (isShifted ? 0.7 : 0.9)
    const score = prediction === 1 ? 0.9 : 0.1
    return { values, score, prediction, label: isRight ? prediction : prediction === 1 ? 0 : 1 }
  }
}

const covered = { fromMs: START_MS - REFERENCE_WINDOWS * HOUR_MS, toMs: START_MS }
const reference = watchedReference(plain, {
  createdAt: START_MS,
  windowMs: HOUR_MS,
  covered,
  rows: function* () {
    const next = rowsOf('expert modes, reference')
    for (let row = 0; row < REFERENCE_WINDOWS * ROWS; row++) {
      const { values, ...outcome } = next(false)
      const features = Object.fromEntries(NAMES.map((name, at) => [name, values[at]!]))
      yield { features, ...outcome, at: covered.fromMs + Math.floor((row * HOUR_MS) / ROWS) }
    }
  },
})

function begunBy(mode: ModeChoice, isShifting = true) {
  const next = rowsOf('expert modes, stream')
  return watchStream({ ...plain, classics: [mode] }, reference, HOUR_MS, PANES, START_MS, function* (pane) {
    for (let row = 0; row < ROWS; row++) yield next(isShifting && pane >= SHIFT_AT)
  })
}

describe('an expert mode', () => {
  const onFeatures: readonly ModeChoice[] = [
    'hellinger',
    // At its usual three it cries once in a hundred windows of every feature.
    { name: 'nannyml', options: { deviations: 6 } },
    'evidently-dataset',
  ]
  const onOutcomes: readonly ModeChoice[] = [
    'shewhart',
    'ewma',
    'cusum',
    'rate-scan',
    { name: 'adwin', options: { delta: 0.01 } },
  ]

  it.each([
    ...onFeatures.map((mode) => [mode, 'data'] as const),
    ...onOutcomes.map((mode) => [mode, 'performance'] as const),
  ])('%j sees a shift, and asks to watch it', (mode, concern) => {
    const begun = begunBy(mode)
    expect(begun).toHaveLength(1)
    expect(begun[0]).toMatchObject({
      concern,
      diagnosis: 'watch',
      detector: 'classic',
      statistic: typeof mode === 'string' ? mode : mode.name,
    })
    expect(begun[0]!.pane).toBeGreaterThanOrEqual(SHIFT_AT)
    expect(begun[0]!.pane).toBeLessThan(SHIFT_AT + 8)
  })

  it.each([...onOutcomes, 'evidently-dataset' as const])('%j is quiet where nothing changes', (mode) => {
    expect(begunBy(mode, false)).toEqual([])
  })

  it('nannyml sees the same shift at its usual three deviations', () => {
    const begun = begunBy('nannyml')
    expect(begun[0]).toMatchObject({ concern: 'data', diagnosis: 'watch', statistic: 'nannyml' })
    expect(begun.some(({ pane }) => pane >= SHIFT_AT && pane < SHIFT_AT + 8)).toBe(true)
  })

  it('goes by its own options', () => {
    expect(begunBy({ name: 'hellinger', options: { distance: 0.99 } })).toEqual([])
    expect(begunBy({ name: 'evidently-dataset', options: { share: 1, distance: 5 } })).toEqual([])
  })
})
