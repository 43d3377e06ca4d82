import { describe, expect, it } from 'vitest'
import { addOutcome, createPerformanceCounts } from '../../src/sketches/performance-counts.ts'
import { createRandom, type Random } from '../../src/statistics/random.ts'
import { addToBaseline, logHarmOf, watchedBaseline } from '../../src/steps/watched-baseline.ts'

const WATCHES = 400
const PANES = 60
const LEVEL = 0.05
const THRESHOLD = -Math.log(LEVEL)

/** Outcomes of so many events with this error rate. */
function outcomes(random: Random, n: number, rate: number) {
  const counts = createPerformanceCounts('binary')
  for (let i = 0; i < n; i++) {
    const label = random() < rate ? 0 : 1
    addOutcome(counts, { prediction: 1, score: undefined, label, positiveLabel: '1' })
  }
  return counts
}

/** Share of watches that are ever rolled back, over what was promised and measured as well as what came after. */
function rolledBack(promise: number | null, before: number | null, rate: number): number {
  let count = 0
  for (let watch = 0; watch < WATCHES; watch++) {
    const random = createRandom(`watch ${watch} ${promise} ${before} ${rate}`)
    const known = [promise, before].map((each) => (each === null ? null : outcomes(random, 500, each)))
    const baseline = watchedBaseline(known[0]!, known[1]!, { kind: 'error' }, { level: LEVEL, margin: 0.01 })!
    for (let pane = 0; pane < PANES; pane++) {
      const { n, correct } = outcomes(random, 100, rate)
      addToBaseline(baseline, { sum: n - correct, squares: n - correct, n })
      if (logHarmOf(baseline) < THRESHOLD) continue
      count++
      break
    }
  }
  return count / WATCHES
}

describe('a watch after a promotion', () => {
  it('hardly ever rolls back what keeps its promise, whatever was before', { timeout: 120_000 }, () => {
    expect(rolledBack(0.2, 0.4, 0.2)).toBeLessThanOrEqual(LEVEL)
    expect(rolledBack(0.2, 0.1, 0.2)).toBeLessThanOrEqual(LEVEL)
  })

  it('hardly ever rolls back what is better than before, though worse than promised', {
    timeout: 120_000,
  }, () => {
    expect(rolledBack(0.1, 0.4, 0.25)).toBeLessThanOrEqual(LEVEL)
  })

  it('rolls back what is worse than promised and than before', { timeout: 120_000 }, () => {
    expect(rolledBack(0.2, 0.25, 0.4)).toBeGreaterThan(0.95)
    expect(rolledBack(null, 0.2, 0.4)).toBeGreaterThan(0.95)
  })

  it('holds nothing against a version of which nothing was known', () => {
    expect(watchedBaseline(null, null, { kind: 'error' }, { level: LEVEL, margin: 0.01 })).toBeNull()
  })
})
