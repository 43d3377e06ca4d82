import { describe, expect, it } from 'vitest'
import {
  CHUNK_THRESHOLD_LABEL,
  chunkDistance,
  chunkThreshold,
  smoothDistance,
} from '../../../../src/detectors/classics/chunk-threshold.ts'
import {
  FIXED_RULES,
  type FixedRuleName,
  isDatasetDrifted,
  type RuleOutcome,
} from '../../../../src/detectors/classics/fixed-rules.ts'
import { createRandom, type Random } from '../../../../src/statistics/random.ts'

const CELLS = 512
const places = Float64Array.from({ length: CELLS }, (_, cell) => cell)

function drawCounts(n: number, cells: number, random: Random): Uint32Array {
  const counts = new Uint32Array(cells)
  for (let i = 0; i < n; i++) counts[Math.floor(cells * random())]! += 1
  return counts
}

/** Share of windows of a world that never changes for which the rule says anything. */
function firingShare(name: FixedRuleName, n: number, m: number): number {
  const random = createRandom(`rule ${name} ${n} ${m}`)
  const windows = 1000
  let fired = 0
  for (let window = 0; window < windows; window++) {
    const counted = { window: drawCounts(n, CELLS, random), reference: drawCounts(m, CELLS, random), places }
    if (FIXED_RULES[name].judge(counted).verdict !== 'stable') fired++
  }
  return fired / windows
}

/** Four standard errors of 1000 windows, at least. */
function tolerance(share: number): number {
  return 4 * Math.sqrt(Math.max(0.002, share * (1 - share)) / 1000)
}

describe('labels', () => {
  it.each([
    ['psi', 100, 10_000, 0.32],
    ['psi', 200, 10_000, 0.02],
    ['psi', 1000, 10_000, 0],
    ['ks', 100, 10_000, 0.05],
    ['ks', 1000, 10_000, 0.05],
    ['jensen-shannon', 100, 10_000, 0.91],
    ['jensen-shannon', 200, 10_000, 0.35],
    ['jensen-shannon', 1000, 10_000, 0],
    ['hellinger', 100, 10_000, 0.91],
    ['hellinger', 200, 10_000, 0.35],
    ['hellinger', 1000, 10_000, 0],
    ['wasserstein', 100, 10_000, 0.47],
    ['wasserstein', 200, 10_000, 0.21],
    ['wasserstein', 1000, 10_000, 0.003],
    ['evidently', 200, 10_000, 0.21],
    ['evidently', 200, 1000, 0.05],
  ] as const)('%s fires by chance on windows of %i values against %i: %d', (name, n, m, share) => {
    expect(Math.abs(firingShare(name, n, m) - share)).toBeLessThan(tolerance(share))
  })

  it.each([
    ['chi-squared', 100, 0.05],
    ['chi-squared', 200, 0.057],
    ['chi-squared', 1000, 0.05],
    ['g-test', 100, 0.052],
    ['g-test', 200, 0.062],
    ['g-test', 1000, 0.055],
  ] as const)('%s fires by chance on windows of %i values of 30 categories: %d', (name, n, share) => {
    const random = createRandom(`rule ${name} ${n}`)
    // Shares fall as 1 / rank.
    const bounds = Array.from({ length: 30 }, (_, rank) => 1 / (rank + 1))
    for (let rank = 1; rank < 30; rank++) bounds[rank]! += bounds[rank - 1]!
    const draw = (size: number): Uint32Array => {
      const counts = new Uint32Array(30)
      for (let i = 0; i < size; i++) {
        const at = random() * bounds[29]!
        counts[
          Math.max(
            0,
            bounds.findIndex((bound) => at < bound),
          )
        ]!++
      }
      return counts
    }
    const [windows, reference] = [1000, draw(10_000)]
    let fired = 0
    for (let window = 0; window < windows; window++) {
      if (window % 50 === 0) reference.set(draw(10_000))
      const counted = { window: draw(n), reference, places: null }
      if (FIXED_RULES[name].judge(counted).verdict === 'drifted') fired++
    }
    expect(Math.abs(fired / windows - share)).toBeLessThan(tolerance(share))
  })

  it.each([
    [10, 0.044],
    [30, 0.013],
    [60, 0.008],
  ])('nannyml fires by chance on windows of 500 values against %i of the reference: %d', (windows, share) => {
    const random = createRandom('nannyml')
    const spread = Math.sqrt(12 / 500)
    // Means of four components, by the normal law of means: twelve uniform values are near enough to one.
    const means = (): number[] =>
      Array.from({ length: 4 }, () => {
        let sum = -6
        for (let i = 0; i < 12; i++) sum += random()
        return (sum * spread) / Math.sqrt(12)
      })
    let fired = 0
    const [references, looks] = [400, 50]
    for (let run = 0; run < references; run++) {
      const own = Array.from({ length: windows }, means)
      const centre = [0, 1, 2, 3].map((k) => own.reduce((sum, one) => sum + one[k]!, 0) / windows)
      const away = (one: readonly number[]): number => smoothDistance(one.map((mean, k) => mean - centre[k]!))
      const ofReference = own.map(away)
      for (let look = 0; look < looks; look++) {
        const chunks = { distance: away(means()), ofReference }
        if (
          FIXED_RULES.nannyml.judge({ window: [500], reference: [5000], places, chunks }).verdict ===
          'drifted'
        )
          fired++
      }
    }
    // Looks at one reference hang together: a third of the share is allowed either way.
    expect(Math.abs(fired / references / looks - share)).toBeLessThan(share / 3)
  })

  it("a chunk rule's three deviations of its own chunks are 5 to 6 %", () => {
    const random = createRandom('chunks')
    let fired = 0
    let chunks = 0
    for (let run = 0; run < 200; run++) {
      const own = Array.from({ length: 10 }, () => drawCounts(500, 15, random))
      const reference = new Uint32Array(15)
      for (const chunk of own) for (const [cell, count] of chunk.entries()) reference[cell]! += count
      const threshold = chunkThreshold(own, reference)
      for (let i = 0; i < 20; i++) {
        chunks++
        if (chunkDistance(drawCounts(500, 15, random), reference) > threshold) fired++
      }
    }
    const [, low = '', high = ''] = /in ([\d.]+) to ([\d.]+) %/.exec(CHUNK_THRESHOLD_LABEL) ?? []
    expect(fired / chunks).toBeGreaterThan(Number(low) / 100 - 0.015)
    expect(fired / chunks).toBeLessThan(Number(high) / 100 + 0.015)
  })
})

describe('fixed rules', () => {
  const reference = new Uint32Array(CELLS).fill(40)

  it('a test of categories sees a change of their shares by its own level, and says nothing of numbers', () => {
    const shares = { window: [180, 60, 60], reference: [5000, 2500, 2500], places: null }
    for (const name of ['chi-squared', 'g-test'] as const) {
      const { value, verdict } = FIXED_RULES[name].judge(shares)
      expect(verdict).toBe('drifted')
      expect(FIXED_RULES[name].judge(shares, { level: value / 2 }).verdict).toBe('stable')
      expect(FIXED_RULES[name].judge({ ...shares, places: [0, 1, 2] }).verdict).toBe('undecided')
      expect(FIXED_RULES[name].judge({ ...shares, window: [0, 0, 0] }).verdict).toBe('undecided')
    }
  })

  it('PSI warns from 0.1 and drifts from 0.25', () => {
    const verdicts = [0.2, 0.35, 0.8].map((slope) => {
      const window = Uint32Array.from({ length: CELLS }, (_, cell) =>
        Math.round(40 * (1 + slope * ((2 * cell) / CELLS - 1))),
      )
      return FIXED_RULES.psi.judge({ window, reference, places })
    })
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['stable', 'stable', 'warning'])
    const moved = Uint32Array.from({ length: CELLS }, (_, cell) => (cell < CELLS / 2 ? 10 : 70))
    expect(FIXED_RULES.psi.judge({ window: moved, reference, places }).verdict).toBe('drifted')
  })

  it('Wasserstein is in standard deviations of the reference', () => {
    const window = Uint32Array.from({ length: CELLS }, (_, cell) => (cell < 52 ? 0 : 40))
    const { value, verdict } = FIXED_RULES.wasserstein.judge({ window, reference, places })
    // Mean of the upper nine tenths of a uniform law: 0.0508 / 0.2887 standard deviations away.
    expect(value).toBeCloseTo(0.176, 2)
    expect(verdict).toBe('drifted')
  })

  it('Evidently tests small references and measures large ones, by the kind of the feature', () => {
    const small = new Uint32Array([300, 200])
    const large = new Uint32Array([30_000, 20_000])
    const window = new Uint32Array([500, 500])
    expect(FIXED_RULES.evidently.judge({ window, reference: small, places: null }).value).toBeLessThan(0.05)
    const { value } = FIXED_RULES.evidently.judge({ window, reference: large, places: null })
    expect(value).toBe(FIXED_RULES['jensen-shannon'].judge({ window, reference: large, places: null }).value)
    expect(FIXED_RULES.evidently.judge({ window, reference: large, places: [0, 1] }).value).toBe(
      FIXED_RULES.wasserstein.judge({ window, reference: large, places: [0, 1] }).value,
    )
  })

  it.each(Object.keys(FIXED_RULES) as FixedRuleName[])('%s is undecided on empty samples', (name) => {
    const nothing = new Uint32Array(CELLS)
    for (const counted of [
      { window: nothing, reference, places },
      { window: reference, reference: nothing, places },
    ]) {
      expect(FIXED_RULES[name].judge(counted)).toEqual({ value: Number.NaN, verdict: 'undecided' })
    }
  })

  it.each(['ks', 'wasserstein'] as const)('%s is undecided on categories', (name) => {
    expect(FIXED_RULES[name].judge({ window: reference, reference, places: null }).verdict).toBe('undecided')
  })

  it('a set drifts when half of its columns do', () => {
    const [stable, drifted]: RuleOutcome[] = [
      { value: 0, verdict: 'stable' },
      { value: 1, verdict: 'drifted' },
    ]
    expect(isDatasetDrifted([])).toBe(false)
    expect(isDatasetDrifted([stable!, stable!, drifted!])).toBe(false)
    expect(isDatasetDrifted([stable!, drifted!])).toBe(true)
  })

  it('no threshold comes of fewer than two chunks', () => {
    expect(chunkThreshold([reference], reference)).toBe(Infinity)
  })
})
