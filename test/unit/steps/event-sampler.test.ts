import { describe, expect, it } from 'vitest'
import { type FeatureEventView, viewOf } from '../../../src/events/feature-event-view.ts'
import { samplingRank } from '../../../src/sketches/sampling-rank.ts'
import { EventSampler } from '../../../src/steps/event-sampler.ts'
import type { ModelOptions } from '../../../src/steps/options.ts'
import { smallModel } from '../../support/small-options.ts'

const PANE_MS = 60_000
const model: ModelOptions = { ...smallModel, learning: { cutAt: 50, countUntil: 1_000 } }
const unknown = () => false

function eventOf(at: number, version = '1'): FeatureEventView {
  return viewOf({
    model: 'small',
    version,
    id: `e${at}`,
    at: at * 1_000,
    features: { x: at, c: 'red' },
    prediction: 1,
  })
}

/** One event a second, so sixty a pane. */
function fill(sampler: EventSampler, from: number, to: number, version = '1', options = model): void {
  for (let at = from; at < to; at++) {
    sampler.add(options, eventOf(at, version), Math.floor(at / 60) * PANE_MS, PANE_MS)
  }
}

const ranksOf = (samples: ReturnType<EventSampler['take']>) =>
  samples.flatMap(({ rows }) => rows.map(({ rank }) => rank))

describe('EventSampler', () => {
  it('sends the events of a pane that could be in a cut, once', () => {
    const sampler = new EventSampler()
    fill(sampler, 0, 60)
    const samples = sampler.take(2, unknown)
    expect(samples).toMatchObject([
      { task: 2, model: 'small', version: '1', paneStart: 0, features: ['x', 'c'] },
    ])
    const least = Array.from({ length: 60 }, (_, at) => samplingRank(`e${at}`)).sort((a, b) => a - b)
    for (const rank of least.slice(0, 50)) expect(ranksOf(samples)).toContain(rank)
    expect(sampler.take(2, unknown)).toEqual([])
  })

  it('samples no pane before which it saw enough, and every pane before', () => {
    const sampler = new EventSampler()
    fill(sampler, 0, 30)
    fill(sampler, 60, 300)
    // 30 in the first pane, 60 in the second: a cut at the end of the second at the latest.
    expect(new Set(sampler.take(0, unknown).map(({ paneStart }) => paneStart))).toEqual(new Set([0, PANE_MS]))
    fill(sampler, 30, 60)
    // The first pane alone holds enough now; late rows of it still matter.
    expect(sampler.take(0, unknown).map(({ paneStart }) => paneStart)).toEqual([0])
    fill(sampler, 110, 120)
    expect(sampler.take(0, unknown)).toEqual([])
  })

  it('bounds what it sends of a pane with millions', () => {
    const sampler = new EventSampler()
    let sent = 0
    for (let at = 0; at < 50_000; at++) {
      sampler.add(model, eventOf(at), 0, PANE_MS)
      if (at % 1_000 === 0) sent += ranksOf(sampler.take(0, unknown)).length
    }
    expect(sent).toBeLessThan(1_000)
  })

  it('forgets a version that has a reference, and samples nothing where learning is off', () => {
    const sampler = new EventSampler()
    fill(sampler, 0, 10)
    expect(sampler.take(0, () => true)).toEqual([])
    const { learning: _learning, ...off } = model
    fill(sampler, 0, 10, '1', off)
    expect(sampler.take(0, unknown)).toEqual([])
  })

  it('samples at most eight versions of a model at once', () => {
    const sampler = new EventSampler()
    for (let version = 0; version < 20; version++) fill(sampler, 0, 2, `v${version}`)
    expect(sampler.take(0, unknown)).toHaveLength(8)
  })
})
