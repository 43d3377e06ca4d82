import { describe, expect, it } from 'vitest'
import { createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import {
  type AnswerCounts,
  addAnswers,
  closeAnswers,
  createAnswerCounts,
  servingChecks,
} from '../../../src/steps/answer-counts.ts'

const PANE_MS = 60_000
const SHARE = 0.2

/** A pane of 100 events of a canary of a fifth, of which the challenger answered so many. */
function pane(counts: AnswerCounts, number: number, answered: number): void {
  const start = number * PANE_MS
  const of = (events: number) => ({ ...createPaneSketch('binary'), events })
  addAnswers(counts, 'champion', start, of(100 - answered))
  addAnswers(counts, 'challenger', start, of(answered))
  closeAnswers(counts, 'canary', () => ({ share: SHARE, fromMs: 0 }), PANE_MS, start + PANE_MS)
}

function isMissing(counts: AnswerCounts): boolean {
  return servingChecks(counts, '2', SHARE).find(({ check }) => check === 'missing')!.failed
}

describe('the check for missing answers', () => {
  it('fails soon for a challenger that never answers, once serving had time to take it up', () => {
    const counts = createAnswerCounts()
    for (let number = 0; number < 3; number++) pane(counts, number, 0)
    expect(isMissing(counts)).toBe(false)
    for (let number = 3; number < 8; number++) pane(counts, number, 0)
    expect(isMissing(counts)).toBe(true)
  })

  it('fails as soon for one that ends after a week of answers', () => {
    const counts = createAnswerCounts()
    const week = 7 * 24 * 60
    for (let number = 0; number < week; number++) pane(counts, number, 20)
    expect(isMissing(counts)).toBe(false)
    for (let number = week; number < week + 8; number++) pane(counts, number, 0)
    expect(isMissing(counts)).toBe(true)
  })

  it('lets one be that answers three quarters of its share', () => {
    const counts = createAnswerCounts()
    for (let number = 0; number < 2_000; number++) pane(counts, number, 15)
    expect(isMissing(counts)).toBe(false)
  })
})
