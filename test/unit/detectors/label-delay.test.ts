import { describe, expect, it } from 'vitest'
import { judgeLabelDelay } from '../../../src/detectors/label-delay.ts'
import { DELAY_CELLS, delayCell } from '../../../src/sketches/label-delays.ts'
import { exponentialSample, OPTIONS } from '../../support/counted-samples.ts'

const HOUR_MS = 3_600_000

/** Delays of an exponential law of this mean, as cells count them. */
function cellsOf(n: number, meanMs: number): Uint32Array {
  const cells = new Uint32Array(DELAY_CELLS)
  for (const delay of exponentialSample(n, meanMs)) cells[delayCell(delay)]!++
  return cells
}

const before = { cells: cellsOf(10_000, HOUR_MS), scatter: null, name: 'in the time before' } as const
const judge = (now: Uint32Array, options = OPTIONS) =>
  Object.fromEntries(judgeLabelDelay(now, before, options).map((finding) => [finding.statistic, finding]))

describe('judgeLabelDelay', () => {
  it('sees labels that take three times as long, by their median and by the slow ones', () => {
    const { 'median-delay': median, 'p90-delay': slow } = judge(cellsOf(2_000, 3 * HOUR_MS))
    expect(median).toMatchObject({
      detector: 'label-delay',
      subject: 'label',
      verdict: 'drifted',
      n: 2_000,
      m: 10_000,
      message: 'half of 2000 labels come within 2.11 h, 41.5 min in the time before',
    })
    expect(slow!.verdict).toBe('drifted')
    const [ratio] = median!.measures!
    expect(ratio!.value! / 3).toBeCloseTo(1, 0)
    // Bounds hold the ends of cells: the true ratio lies between them.
    expect(ratio!.lower).toBeGreaterThan(2)
    expect(ratio!.lower).toBeLessThan(3)
    expect(ratio!.upper).toBeGreaterThan(3)
    expect(median!.threshold).toBeCloseTo(Math.log(1.5))
  })

  it('sees labels that come sooner, whose ratio is that of the other direction', () => {
    const { 'median-delay': median } = judge(cellsOf(2_000, HOUR_MS / 3))
    expect(median!.verdict).toBe('drifted')
    expect(median!.effectUpper).toBeLessThan(-Math.log(1.5))
  })

  it('takes the same delays for stable, also where every change is significant', () => {
    expect(judge(cellsOf(5_000, HOUR_MS))['median-delay']!.verdict).toBe('stable')
    const { 'median-delay': slightly } = judge(cellsOf(200_000, 1.2 * HOUR_MS))
    expect(slightly).toMatchObject({ verdict: 'stable' })
    expect(slightly!.pValue).toBeLessThan(1e-10)
  })

  it('surely finds a doubling of the delay, wherever it lies in its cells', () => {
    for (let step = 0; step < 16; step++) {
      const meanMs = HOUR_MS * 2 ** (step / 16)
      const reference = { ...before, cells: cellsOf(100_000, meanMs) }
      const [median] = judgeLabelDelay(cellsOf(50_000, 2 * meanMs), reference, OPTIONS)
      expect(median!.verdict).toBe('drifted')
    }
  })

  it('tells the tail from the middle: labels of which one in five comes ten times as late', () => {
    const cells = cellsOf(4_000, HOUR_MS).map((count, cell) => count + cellsOf(1_000, 10 * HOUR_MS)[cell]!)
    const found = judge(cells)
    expect(found['median-delay']!.verdict).toBe('stable')
    expect(found['p90-delay']!.verdict).toBe('drifted')
  })

  it('is undecided on few labels, silent on none, and at ease where all come at once', () => {
    expect(judge(cellsOf(150, 3 * HOUR_MS))['median-delay']!.verdict).toBe('undecided')
    expect(judge(new Uint32Array(DELAY_CELLS))).toEqual({})
    const atOnce = new Uint32Array(DELAY_CELLS)
    atOnce[0] = 3_000
    const same = judgeLabelDelay(atOnce, { ...before, cells: atOnce }, OPTIONS)
    expect(same.map(({ pValue }) => pValue)).toEqual([1, 1])
    expect(same.some(({ verdict }) => verdict === 'drifted' || verdict === 'warning')).toBe(false)
  })

  it('lets the scatter of the reference have its say: batches of labels are no news', () => {
    const sizes = new Float64Array(40).fill(250)
    // The rate of late labels swings between a tenth and nine tenths from window to window.
    const hits = sizes.map((size, pane) => size * (pane % 2 === 0 ? 0.1 : 0.9))
    const scatter = { 'median-delay': { hits, sizes }, 'p90-delay': { hits, sizes } }
    const [median] = judgeLabelDelay(cellsOf(500, 1.8 * HOUR_MS), { ...before, scatter }, OPTIONS)
    expect(median).toMatchObject({ null: 'panes', verdict: 'undecided' })
    expect(median!.pValue).toBeGreaterThan(0.05)
    expect(judge(cellsOf(500, 1.8 * HOUR_MS))['median-delay']!.pValue).toBeLessThan(1e-10)
  })
})
