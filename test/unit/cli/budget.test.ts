import { describe, expect, it } from 'vitest'
import { explainBudget } from '../../../src/cli/budget-command.ts'
import { describeBudget } from '../../../src/cli/budget-text.ts'
import { parseConfig } from '../../../src/config/load-config.ts'
import { buildReference } from '../../../src/sketches/reference-builder.ts'
import { normalQuantile } from '../../../src/statistics/normal.ts'
import { createRandom } from '../../../src/statistics/random.ts'

const options = parseConfig(`
kafka: { brokers: [localhost:9092] }
models:
  small:
    version: 1
    task: binary
    features: { x: numeric, __proto__: categorical }
    windows: { data: 24h, performance: 24h }
`)
const DAY_MS = 86_400_000
const small = options.models.get('small')!

/** Forty days of 200 rows; the days differ from one another by `spread` deviations. */
function referenceOf(spread: number) {
  const random = createRandom('days')
  const normal = () => normalQuantile(random() + 2 ** -33)
  const rows = Array.from({ length: 40 }, (_, day) => {
    const shift = spread * normal()
    return Array.from({ length: 200 }, (_, at) => {
      const x = shift + normal()
      const score = 1 / (1 + Math.exp(-x))
      return {
        at: day * DAY_MS + at * 400_000,
        features: { x, ['__proto__']: 'ab'[at % 2]! },
        prediction: score > 0.5 ? 1 : 0,
        score,
        label: random() < score ? 1 : 0,
      }
    })
  }).flat()
  return buildReference({
    model: 'small',
    version: '1',
    createdAt: 0,
    task: 'binary',
    positiveLabel: '1',
    features: new Map([
      ['x', 'numeric'],
      ['__proto__', 'categorical'],
    ]),
    rows: () => rows,
    windowMs: DAY_MS,
    covered: { fromMs: 0, toMs: 40 * DAY_MS },
  })
}

describe('budget explain', () => {
  it('takes rate, error and scatter from the windows of a reference, and says so in the promise', () => {
    const steady = explainBudget(options, small, referenceOf(0), null)
    const restless = explainBudget(options, small, referenceOf(0.5), null)
    const seen = ({ tests }: typeof steady) =>
      tests.find(({ subject, statistic }) => subject === 'x' && statistic === 'omnibus')!
    expect(seen(steady).sampleExpected).toBe(200)
    expect(seen(restless).smallestEffect!).toBeGreaterThan(5 * seen(steady).smallestEffect!)
    // Days of a shifted score have another share of positives: their rate is known that much less.
    const rate = ({ tests }: typeof steady) =>
      tests.find(({ statistic, windowMs }) => statistic === 'positive-rate' && windowMs === DAY_MS)!
    expect(rate(restless).smallestEffect!).toBeGreaterThan(2 * rate(steady).smallestEffect!)
    const needed = restless.tests.flatMap(({ sampleNeeded }) => sampleNeeded ?? [])
    expect(needed.every(Number.isInteger)).toBe(true)
    expect(rate(restless).sampleNeeded ?? Number.POSITIVE_INFINITY).toBeGreaterThan(
      2 * rate(steady).sampleNeeded!,
    )
    // How long labels take no file tells.
    const told = steady.tests.filter(({ detector }) => detector !== 'label-delay')
    expect(told.every(({ threshold, smallestEffect }) => threshold === null || smallestEffect !== null)).toBe(
      true,
    )
    const scattered = (of: typeof steady, subject: string, statistic: string) =>
      of.tests.find((test) => test.subject === subject && test.statistic === statistic)!.smallestEffect!
    // Of a feature that shifts from day to day far values come together.
    expect(scattered(restless, 'x', 'out-of-range-rate')).toBeGreaterThan(
      2 * scattered(steady, 'x', 'out-of-range-rate'),
    )
    // Categories in turn differ from day to day by nothing.
    expect(scattered(restless, '__proto__', 'unseen-rate')).toBe(
      scattered(steady, '__proto__', 'unseen-rate'),
    )
    expect(steady.delays.errorRate).toBeGreaterThan(0.2)
    expect(steady.guarantee).toContain('exchangeable with the 40 of the reference')
  })

  it('accounts for every false alarm', () => {
    const { tests, allotment } = explainBudget(options, small, null, 1000)
    expect(tests.reduce((sum, { falseAlarms }) => sum + falseAlarms, 0)).toBeCloseTo(1, 9)
    expect(allotment.looks).toBe(2160)
    expect(tests.filter(({ subject }) => subject === '__proto__').length).toBeGreaterThan(3)
  })

  it('says what a rate of events lets each test see', () => {
    const { tests, delays } = explainBudget(options, small, null, 1000)
    const drift = tests.find(({ statistic, subject }) => statistic === 'omnibus' && subject === 'x')!
    expect(drift.sampleExpected).toBe(24_000)
    expect(drift.smallestEffect).toBeGreaterThan(0)
    expect(drift.smallestEffect).toBeLessThan(drift.threshold!)
    expect(delays.shift.find(({ change }) => change === 0.4)!.windowMs).toBe(86_400_000)
    const unknown = explainBudget(options, small, null, null)
    expect(
      unknown.tests.every(({ sampleExpected, smallestEffect }) => sampleExpected ?? smallestEffect === null),
    ).toBe(true)
    expect(unknown.delays.shift.every(({ windowMs }) => windowMs === null)).toBe(true)
  })

  it('reads as tables with the promise last, and as JSON without gaps', () => {
    const explanation = explainBudget(options, small, null, 1000)
    const text = describeBudget(explanation)
    expect(text).toMatch(/^small: 1 false alarm in 90d, 2160 panes/)
    expect(text).toContain('__proto__')
    expect(text).toMatch(/At most 1 false alarm expected in 90 days, if rows/)
    expect(text).not.toMatch(/NaN|Infinity|undefined/)
    expect(JSON.parse(JSON.stringify(explanation)).tests).toHaveLength(explanation.tests.length)
  })
})
