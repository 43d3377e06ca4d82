import { describe, expect, it } from 'vitest'
import { NO_GATES } from '../../bench/accuracy/budget/watched-model.ts'
import { layoutOf } from '../../src/sketches/block-layout.ts'
import type { SketchDelta } from '../../src/sketches/delta.ts'
import { addFeatures, createPaneSketch } from '../../src/sketches/pane-sketch.ts'
import { addOutcome, addScore } from '../../src/sketches/performance-counts.ts'
import type { PaneSketch, Reference } from '../../src/sketches/types.ts'
import { normalQuantile } from '../../src/statistics/normal.ts'
import { createRandom, type Random } from '../../src/statistics/random.ts'
import { detectDelta, detectReference } from '../../src/steps/detect.ts'
import { createDetectState, type DetectContext } from '../../src/steps/detect-state.ts'
import { emptyStreamCounts } from '../../src/steps/observe.ts'
import { smallModel, smallStream } from '../support/small-options.ts'
import { smallReferenceOf } from '../support/small-reference.ts'

const MINUTE_MS = 60_000
const start = Date.UTC(2027, 0, 1)
const PANES = 120
const EVENTS = 250
const STREAMS = 12
/** One false alarm in every forty panes: three in a stream. */
const LOOKS_AN_ALARM = 40

/** Every effect matters, so that the levels alone stand between chance and an alarm. */
const model = {
  ...smallModel,
  windows: {
    qualityMs: MINUTE_MS,
    dataMs: MINUTE_MS,
    performanceMs: MINUTE_MS,
    longestMs: 8 * MINUTE_MS,
    labelDelayMs: 0,
  },
  budget: { ...smallModel.budget, falseRetrains: 1, perMs: LOOKS_AN_ALARM * MINUTE_MS },
  detection: { ...NO_GATES, sampleMin: 50 },
}
const context: DetectContext = {
  stream: { ...smallStream, graceMs: 0 },
  models: new Map([['small', model]]),
  taskCount: 1,
}

/** One event of a world that never changes. */
function eventOf(random: Random) {
  const x = normalQuantile(random() + 2 ** -33)
  const c = random() < 0.05 ? null : 'abcde'[Math.floor(5 * random() ** 2)]!
  const score = 1 / (1 + Math.exp(-x))
  return { features: { x, c }, score, prediction: score >= 0.5 ? 1 : 0, label: random() < score ? 1 : 0 }
}

function referenceOf(random: Random): Reference {
  const rows = Array.from({ length: 4_000 }, () => eventOf(random))
  return smallReferenceOf({
    createdAt: start,
    rows: () => rows,
  })
}

function deltaOf(reference: Reference, minute: number, random: Random): SketchDelta {
  const sketch = createPaneSketch('binary')
  for (let at = 0; at < EVENTS; at++) {
    const { features, score, prediction, label } = eventOf(random)
    addFeatures(sketch, layoutOf(reference), features, `m${minute}-${at}`)
    const predicted = { prediction, score, positiveLabel: '1' }
    addScore(sketch.performance, predicted)
    addOutcome(sketch.performance, { ...predicted, label })
  }
  return deltaLike(reference, minute, sketch)
}

function deltaLike(reference: Reference, minute: number, sketch: PaneSketch): SketchDelta {
  const paneStart = start + minute * MINUTE_MS
  return {
    task: 0,
    flush: minute,
    part: 0,
    parts: 1,
    sources: [
      {
        topic: 'features',
        partition: 0,
        from: minute * EVENTS,
        to: (minute + 1) * EVENTS,
        readUntil: paneStart,
      },
    ],
    watermark: paneStart + MINUTE_MS,
    idle: false,
    stream: emptyStreamCounts(),
    entries: [{ model: 'small', version: '1', paneStart, referenceId: reference.id, sketch }],
  }
}

/** Episodes that a stream without any change starts. */
function episodesOf(seed: string): number {
  const random = createRandom(seed)
  const reference = referenceOf(random)
  const state = createDetectState()
  detectReference(state, reference, context)
  let started = 0
  for (let minute = 0; minute < PANES; minute++) {
    const { drift } = detectDelta(state, deltaOf(reference, minute, random), context)
    started += drift.filter((event) => event.state === 'started').length
  }
  return started
}

/** Half a deviation from minute to minute: rows of one minute hang together. */
const SPREAD = 0.5

/** Episodes of a stream of features alone whose minutes scatter, against a reference that knows it, or not. */
function restlessEpisodesOf(seed: string, knowsMinutes: boolean): number {
  const random = createRandom(seed)
  const normal = () => normalQuantile(random() + 2 ** -33)
  const minuteOf = () => {
    const shift = SPREAD * normal()
    return Array.from({ length: EVENTS }, (_, at) => ({ x: shift + normal(), c: 'ab'[at % 2]! }))
  }
  const minutes = 60
  const rows = Array.from({ length: minutes }, (_, minute) =>
    minuteOf().map((features, at) => ({ features, at: start - (minutes - minute) * MINUTE_MS + at })),
  ).flat()
  const reference = smallReferenceOf({
    createdAt: start,
    rows: () => rows,
    covered: { fromMs: start - minutes * MINUTE_MS, toMs: start },
    ...(knowsMinutes ? { windowMs: MINUTE_MS } : {}),
  })
  const state = createDetectState()
  detectReference(state, reference, context)
  let started = 0
  for (let minute = 0; minute < PANES; minute++) {
    const sketch = createPaneSketch('binary')
    minuteOf().forEach((features, at) => {
      addFeatures(sketch, layoutOf(reference), features, `m${minute}-${at}`)
    })
    const { drift } = detectDelta(state, deltaLike(reference, minute, sketch), context)
    started += drift.filter((event) => event.state === 'started').length
  }
  return started
}

describe('streams without a change', () => {
  it('raise no more episodes than the budget allows', { timeout: 120_000 }, () => {
    let episodes = 0
    for (let stream = 0; stream < STREAMS; stream++) episodes += episodesOf(`null stream ${stream}`)
    const allowed = (STREAMS * PANES) / LOOKS_AN_ALARM
    // Poisson: three standard deviations above what may be expected. More is no chance.
    expect(episodes).toBeLessThanOrEqual(allowed + 3 * Math.sqrt(allowed))
  })

  it('are judged at all: without a budget to speak of, alarms come', { timeout: 120_000 }, () => {
    const loose = { ...model, budget: { ...model.budget, perMs: MINUTE_MS, falseRetrains: 20 } }
    const looseContext = { ...context, models: new Map([['small', loose]]) }
    const random = createRandom('null stream 0')
    const reference = referenceOf(random)
    const state = createDetectState()
    detectReference(state, reference, looseContext)
    let started = 0
    for (let minute = 0; minute < 60; minute++) {
      const { drift } = detectDelta(state, deltaOf(reference, minute, random), looseContext)
      started += drift.filter((event) => event.state === 'started').length
    }
    expect(started).toBeGreaterThan(0)
  })

  it('raise no more where rows hang together, if the reference knows its windows', {
    timeout: 120_000,
  }, () => {
    let known = 0
    let unknown = 0
    for (let stream = 0; stream < 6; stream++) {
      known += restlessEpisodesOf(`restless ${stream}`, true)
      unknown += restlessEpisodesOf(`restless ${stream}`, false)
    }
    const allowed = (6 * PANES) / LOOKS_AN_ALARM
    expect(known).toBeLessThanOrEqual(allowed + 3 * Math.sqrt(allowed))
    // A reference that does not know it takes every minute for a change: one drift that never ends.
    expect(unknown).toBeGreaterThanOrEqual(6)
  })
})
