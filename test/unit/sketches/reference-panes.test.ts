import { describe, expect, it } from 'vitest'
import { compileCategorical, compileNumeric } from '../../../src/detectors/compiled-distribution.ts'
import { layoutOf } from '../../../src/sketches/block-layout.ts'
import { distributionScatter } from '../../../src/sketches/pane-scatter.ts'
import { addFeatures, countsOf, createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import { buildReference } from '../../../src/sketches/reference-builder.ts'
import type { ReferenceRow } from '../../../src/sketches/reference-cutter.ts'
import { paneMeans, type ReferencePanes } from '../../../src/sketches/reference-panes.ts'
import type { Reference, Task } from '../../../src/sketches/types.ts'
import { seededNormal, seededUniform } from '../../support/sketch-samples.ts'

const HOUR_MS = 3_600_000
const START = Date.UTC(2027, 0, 1)

interface Variant {
  readonly features?: Readonly<Record<string, 'numeric' | 'categorical'>>
  readonly task?: Task
  readonly covered?: { readonly fromMs: number; readonly toMs: number }
}

function referenceOf(rows: readonly ReferenceRow[], variant: Variant = {}): Reference {
  const { features = { x: 'numeric' }, task = 'binary', covered } = variant
  return buildReference({
    model: 'm',
    version: '1',
    createdAt: 0,
    task,
    positiveLabel: '1',
    features: new Map(Object.entries(features)),
    windowMs: HOUR_MS,
    ...(covered === undefined ? {} : { covered }),
    rows: () => rows,
  })
}

/** `perHour` rows in each of `hours` hours, from the first millisecond on. */
function rowsOf(
  hours: number,
  perHour: number,
  row: (at: number, hour: number) => ReferenceRow,
): ReferenceRow[] {
  return Array.from({ length: hours * perHour }, (_, index) => {
    const hour = Math.floor(index / perHour)
    return { ...row(index, hour), at: START + hour * HOUR_MS + ((index % perHour) * HOUR_MS) / perHour }
  })
}

const panesOf = ({ panes }: Reference): ReferencePanes => panes ?? expect.fail('no panes')
const hoursOf = (hours: number) => ({ fromMs: START, toMs: START + hours * HOUR_MS })
const closing = (hours: number): ReferenceRow => ({ at: START + hours * HOUR_MS, features: {} })

describe('the panes of a reference', () => {
  it('hold for each whole window its rows, its odd values and the sums of the components', () => {
    const normal = seededNormal(1)
    const values = Array.from({ length: 4_000 }, (_, at) =>
      at % 10 === 0 ? null : at % 10 === 1 ? 'n/a' : normal(),
    )
    const rows = rowsOf(40, 100, (at) => ({ features: { x: values[at]! } }))
    const { windowMs, starts, rows: counts, features } = panesOf(referenceOf([...rows, closing(40)]))
    const { n, odd, components, sums } = features.get('x')!

    expect(windowMs).toBe(HOUR_MS)
    expect([...starts]).toEqual(Array.from({ length: 40 }, (_, hour) => START + hour * HOUR_MS))
    expect(new Set(counts)).toEqual(new Set([100]))
    expect([new Set(n), new Set(odd)]).toEqual([new Set([80]), new Set([20])])
    // With many equal cells the components are Legendre's polynomials of the rank.
    expect(components).toBe(4)
    const numbers = values.filter((value): value is number => typeof value === 'number')
    const sorted = numbers.toSorted((a, b) => a - b)
    for (let pane = 0; pane < 40; pane++) {
      const own = numbers.slice(80 * pane, 80 * pane + 80)
      const ranks = own.map((value) => (sorted.indexOf(value) + 0.5) / sorted.length)
      const location = ranks.reduce((sum, u) => sum + Math.sqrt(3) * (2 * u - 1), 0)
      const scale = ranks.reduce((sum, u) => sum + Math.sqrt(5) * (6 * u * u - 6 * u + 1), 0)
      expect(sums[4 * pane]).toBeCloseTo(location, 0)
      expect(sums[4 * pane + 1]).toBeCloseTo(scale, 0)
    }
    // Over all rows each component has mean 0: what is left is rounding.
    for (const component of [0, 1, 2, 3]) {
      const total = paneMeans(features.get('x')!).reduce((sum, means) => sum + means[component]!, 0)
      expect(Math.abs(total / 40)).toBeLessThan(0.001)
    }
  })

  it('have the sums that tests of windows take of the same rows', () => {
    const normal = seededNormal(5)
    const rows = rowsOf(12, 100, (at) => ({ features: { x: normal(), c: `k${(at * at) % 5}` } }))
    const features = { x: 'numeric', c: 'categorical' } as const
    const reference = referenceOf([...rows, closing(12)], { features })
    const layout = layoutOf(reference)
    for (const name of ['x', 'c']) {
      const known = reference.features.get(name)!
      const cells = known.kind === 'numeric' ? known.counts.bins : known.counts.cells
      const tested = known.kind === 'numeric' ? compileNumeric(cells) : compileCategorical(cells)
      const { n, components, sums } = panesOf(reference).features.get(name)!
      expect(components).toBe(name === 'x' ? 4 : 2)
      for (let pane = 0; pane < 12; pane++) {
        const window = createPaneSketch('binary')
        for (const row of rows.slice(100 * pane, 100 * pane + 100)) {
          addFeatures(window, layout, row.features, '')
        }
        const counted = countsOf(window, layout, layout.positions.get(name)!)!
        const counts = counted.kind === 'numeric' ? counted.counts.bins : counted.counts.cells
        tested.means(counts).forEach((mean, component) => {
          const kept = sums[components * pane + component]!
          expect(Math.abs(kept - mean * n[pane]!)).toBeLessThanOrEqual(Math.sqrt(n[pane]!) / 128)
        })
      }
    }
  })

  it('leave out the windows at the ends that rows fill in part, unless the stretch is told', () => {
    const rows = rowsOf(10, 60, (at) => ({ features: { x: at % 7 } })).slice(30, -30)
    expect([...panesOf(referenceOf(rows)).starts]).toEqual(
      Array.from({ length: 8 }, (_, at) => START + (at + 1) * HOUR_MS),
    )
    expect(panesOf(referenceOf(rows, { covered: hoursOf(10) })).starts).toHaveLength(10)
  })

  it('do not depend on the order of the rows', () => {
    const uniform = seededUniform(3)
    const rows = rowsOf(12, 50, (at) => ({
      features: { x: uniform(), c: `k${at % 4}` },
      prediction: at % 2,
      score: uniform(),
      label: at % 3 === 0 ? 1 : 0,
    }))
    const features = { x: 'numeric', c: 'categorical' } as const
    const told = referenceOf(rows, { features })
    // The digest that cuts `x` follows the order of rows; the rest is counted on cells that do not.
    const again = referenceOf(rows.toReversed(), { features })
    expect(panesOf(again).starts).toEqual(panesOf(told).starts)
    expect(again.panes!.features.get('c')).toEqual(told.panes!.features.get('c'))
    expect(again.panes!.scores).toEqual(told.panes!.scores)
    expect(again.panes!.outcomes).toEqual(told.panes!.outcomes)
  })

  it('are none without times, and none of a stretch shorter than a window', () => {
    const rows = rowsOf(3, 50, (at) => ({ features: { x: at } }))
    expect(referenceOf(rows.map(({ features }) => ({ features }))).panes).toBeUndefined()
    expect(referenceOf(rows.slice(10, 90)).panes).toBeUndefined()
    // What has no time is in no window, and in the reference all the same.
    const some = referenceOf([...rows, closing(3), { features: { x: 1 } }])
    expect([some.m, panesOf(some).starts.length]).toEqual([152, 3])
  })

  it('are the newest 256', () => {
    const rows = rowsOf(300, 4, (at) => ({ features: { x: at % 5 } }))
    const { starts } = panesOf(referenceOf([...rows, closing(300)]))
    expect([starts.length, starts[0]]).toEqual([256, START + 44 * HOUR_MS])
  })

  it('skip windows without rows', () => {
    const rows = rowsOf(24, 10, (at) => ({ features: { x: at % 5 } })).filter(
      ({ at }) => Math.floor((at! - START) / HOUR_MS) % 3 !== 1,
    )
    expect(panesOf(referenceOf([...rows, closing(24)])).starts).toHaveLength(16)
  })

  it('have components of categories in falling order of share, as many as the cells allow', () => {
    const names = ['rare', 'often', 'seldom']
    const cases = [1, 1, 1, 1, 1, 1, 2, 2, 2, 0]
    const rows = rowsOf(30, 50, (at) => ({ features: { c: names[cases[at % 10]!]!, one: 'a' } }))
    const reference = referenceOf([...rows, closing(30)], {
      features: { c: 'categorical', one: 'categorical' },
    })
    const { features } = panesOf(reference)
    expect([features.get('c')!.components, features.get('one')!.components]).toEqual([2, 0])
    expect(new Set(features.get('c')!.n)).toEqual(new Set([50]))
    // Every window has the shares of the whole, so every sum is 0.
    expect(features.get('c')!.sums.every((sum) => sum === 0)).toBe(true)

    const turned = rows.map((row, at) => (at < 50 ? { ...row, features: { c: 'rare', one: 'a' } } : row))
    const { sums } = panesOf(
      referenceOf([...turned, closing(30)], {
        features: { c: 'categorical', one: 'categorical' },
      }),
    ).features.get('c')!
    // The rarest category stands last: a window of nothing else lies high.
    expect(sums[0]).toBeGreaterThan(50)
  })

  it('count what lies beyond the dictionary as other', () => {
    const rows = rowsOf(10, 100, (at) => ({ features: { c: `k${at % 400}` } }))
    const reference = referenceOf([...rows, closing(10)], { features: { c: 'categorical' } })
    expect(new Set(panesOf(reference).features.get('c')!.n)).toEqual(new Set([100]))
  })

  it('hold what the metrics of each window follow from', () => {
    const rows = rowsOf(6, 100, (at, hour) => ({
      features: {},
      prediction: at % 2,
      score: at % 2 === 0 ? 0.25 : 0.75,
      label: at % 10 < hour ? 1 : 0,
    }))
    const { outcomes, scores, labels } = panesOf(referenceOf(rows, { covered: hoursOf(6) }))
    expect([...outcomes!.n]).toEqual([100, 100, 100, 100, 100, 100])
    expect([...outcomes!.positives]).toEqual([0, 10, 20, 30, 40, 50])
    const correct = (hour: number) =>
      Array.from({ length: 10 }, (_, at) => Number(at % 2 === Number(at < hour))).reduce((a, b) => a + b) * 10
    expect([...outcomes!.correct]).toEqual([0, 1, 2, 3, 4, 5].map(correct))
    expect(outcomes!.brier[0]).toBeCloseTo(50 * (0.25 ** 2 + 0.75 ** 2))
    expect(outcomes!.logLoss[0]).toBeCloseTo(-50 * (Math.log(0.75) + Math.log(0.25)))
    expect(scores).toMatchObject({ components: 1, n: Float64Array.from({ length: 6 }, () => 100) })
    expect(labels).toBeNull()
  })

  it('hold errors and labels of a regression, classes of a multiclass model', () => {
    const regression = rowsOf(4, 50, (at, hour) => ({ features: {}, prediction: hour, label: at % 2 }))
    const told = panesOf(referenceOf(regression, { task: 'regression', covered: hoursOf(4) }))
    expect([...told.outcomes!.absolute]).toEqual([25, 25, 75, 125])
    expect([...told.outcomes!.squared]).toEqual([25, 25, 25 * 5, 25 * 13])
    expect([...told.outcomes!.label]).toEqual([25, 25, 25, 25])
    expect(told.outcomes!.correct).toHaveLength(0)
    expect(told.labels!.components).toBe(1)

    const classes = ['cat', 'dog', 'cow']
    const multiclass = rowsOf(4, 60, (at, hour) => ({
      features: {},
      prediction: classes[at % 3]!,
      label: classes[hour === 3 ? 0 : at % 3]!,
    }))
    const counted = panesOf(referenceOf(multiclass, { task: 'multiclass', covered: hoursOf(4) }))
    expect([...counted.outcomes!.correct]).toEqual([60, 60, 60, 20])
    expect(counted.labels!.components).toBe(2)
    // The most frequent class stands first: a window of nothing else lies low.
    expect(counted.labels!.sums[2 * 3]).toBeLessThan(-30)
  })

  it('count outcomes of the windows that predictions fill alone', () => {
    const rows = rowsOf(20, 60, (at) => {
      const features = { x: at % 7 }
      return at < 630 ? { features } : { features, prediction: 1, score: 0.5, label: at % 2 }
    })
    const { starts, outcomes, scores } = panesOf(referenceOf(rows, { covered: hoursOf(20) }))
    expect(starts).toHaveLength(20)
    const expected = Array.from({ length: 20 }, (_, hour) => (hour < 11 ? 0 : 60))
    expect([...outcomes!.n]).toEqual(expected)
    expect([...scores!.n]).toEqual(expected)
  })
})

describe('the scatter between panes', () => {
  it('is that of independent rows where rows are independent, and tells where they are not', () => {
    const normal = seededNormal(11)
    const hours = Array.from({ length: 100 }, normal)
    const rows = rowsOf(100, 200, (_, hour) => ({
      features: { still: normal(), moved: normal() + 0.3 * hours[hour]! },
    }))
    const { features } = panesOf(
      referenceOf([...rows, closing(100)], { features: { still: 'numeric', moved: 'numeric' } }),
    )
    const [still, moved] = ['still', 'moved'].map((name) => distributionScatter(features.get(name)!)!)
    // chi-squared with 396 degrees of freedom over these: a standard deviation of 0.071.
    expect(still!.designEffect).toBeGreaterThan(0.75)
    expect(still!.designEffect).toBeLessThan(1.25)
    expect(still!.pValue).toBeGreaterThan(1e-3)
    // The location's scatter is 1 + 200 * 0.09 * (share of its slope), the other three nearly 1.
    expect(moved!.designEffect).toBeGreaterThan(3)
    expect(moved!.pValue).toBeLessThan(1e-12)
  })
})
