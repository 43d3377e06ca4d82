import { describe, expect, it } from 'vitest'
import { PredictionSpans } from '../../../src/steps/prediction-spans.ts'

const SPAN_ROWS = 256
const NOTHING = Number.POSITIVE_INFINITY

/** So many predictions, at even offsets, a millisecond apart. */
function filled(count: number): PredictionSpans {
  const spans = new PredictionSpans()
  for (let number = 0; number < count; number++) spans.add(2 * number, number)
  return spans
}

describe('PredictionSpans', () => {
  it('begins where the oldest waits, at most a span too early', () => {
    const spans = filled(1_000)
    expect(spans.oldest(NOTHING)).toBe(0)
    for (let number = 0; number < 600; number++) spans.join(number, 10_000 + number)
    expect(spans.oldest(NOTHING)).toBe(2 * 2 * SPAN_ROWS)
    for (let number = 600; number < 1_000; number++) spans.join(number, 10_000 + number)
    expect(spans.oldest(NOTHING)).toBe(NOTHING)
  })

  it('keeps what is young, though nothing of it waits', () => {
    const spans = filled(1_000)
    for (let number = 0; number < 1_000; number++) spans.join(number, number)
    expect(spans.oldest(700)).toBe(2 * 2 * SPAN_ROWS)
    expect(spans.oldest(999)).toBe(2 * 3 * SPAN_ROWS)
    expect(spans.oldest(1_000)).toBe(NOTHING)
  })

  it('names the first label of all that is read again, also of what does not wait', () => {
    const spans = filled(1_000)
    spans.join(10, 7)
    spans.join(300, 50)
    spans.join(700, 40)
    expect(spans.labelsOf(0)).toBe(7)
    expect(spans.labelsOf(2 * SPAN_ROWS)).toBe(40)
    expect(spans.labelsOf(2 * 700)).toBe(40)
    expect(spans.labelsOf(2 * 800)).toBe(NOTHING)
  })

  it('forgets what is dropped, by how many had waited', () => {
    const spans = filled(1_000)
    for (let number = 0; number < 256; number++) spans.join(number, number)
    for (let number = 300; number < 1_000; number++) spans.join(number, number)
    // The 44 that waited are among the first 300.
    spans.drop(280, 24)
    expect(spans.oldest(NOTHING)).toBe(2 * SPAN_ROWS)
    spans.drop(20, 20)
    expect(spans.oldest(NOTHING)).toBe(NOTHING)
    spans.drop(700, 0)
    expect([spans.next, spans.oldest(-1), spans.labelsOf(0)]).toEqual([0, NOTHING, NOTHING])
    spans.add(5_000, 1)
    expect(spans.oldest(NOTHING)).toBe(5_000)
  })
})
